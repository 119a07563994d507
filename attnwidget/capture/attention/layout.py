"""Where the tiles of an attention lie in the map of all positions."""

from dataclasses import dataclass
from typing import NamedTuple

import torch
from torch import Tensor

from attnwidget.capture.attention.patches import grid_names


class Grid(NamedTuple):
    """The patches of an image that positions are.

    Attributes
    ----------
    rows, columns
        Numbers of patches.
    order
        The patch of each position, counted row by row; None if the positions are in this order.
    """

    rows: int
    columns: int
    order: tuple[int, ...] | None = None

    @property
    def size(self) -> int:
        """Number of patches."""
        return self.rows * self.columns

    def names(self) -> list[str]:
        """Return the name of each position: ``"r3 c5"``."""
        names = grid_names(self.rows, self.columns)
        return names if self.order is None else [names[place] for place in self.order]


@dataclass(frozen=True, eq=False)
class Layout:
    """Where the tiles of an attention lie.

    Attributes
    ----------
    heads, rows, columns
        As in `Tiles`.
    num_queries, num_keys
        Numbers of positions.
    grids
        Rows and columns of the image that the queries and the keys are patches of, where known.
    is_proved
        True if the residual stream tells that queries and keys are numbered alike.
    """

    heads: Tensor
    rows: Tensor
    columns: Tensor
    num_queries: int
    num_keys: int
    grids: tuple[Grid | None, Grid | None] = (None, None)
    is_proved: bool = False

    @property
    def is_plain(self) -> bool:
        """Return whether there is one window, whose slots are the positions in order."""
        return all(
            torch.equal(slots, torch.arange(count, device="cpu")[None])
            for slots, count in (
                (self.rows, self.num_queries),
                (self.columns, self.num_keys),
            )
        )
