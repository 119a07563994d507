"""Tiles of an attention map: the attention within windows, and where it lies in the whole."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import TypeAlias

import torch
from torch import Tensor

from attnwidget.trace.dense import DenseLayer
from attnwidget.trace.projected import ProjectedLayer
from attnwidget.trace.softmax import BLOCK_ELEMENTS

Inner: TypeAlias = ProjectedLayer | DenseLayer

NOWHERE = -1
"""The position of a slot of a window that stands for none, such as padding."""


@dataclass(frozen=True, eq=False)
class Tiles:
    """The attention within windows.

    Attributes
    ----------
    inner
        A layer whose heads are the tiles: one for each window and head.
    heads
        (W, H) int64, the head of `inner` that is the tile of a window and a head.
    rows
        (W, s_q) int64, the position of each query slot; `NOWHERE` for padding. No position has two
        slots.
    columns
        (W, s_k) int64, the position of each key slot; `NOWHERE` for padding. A position may have
        several slots: windows may overlap.
    num_queries, num_keys
        Numbers of positions, n_q and n_k.
    """

    inner: Inner
    heads: Tensor
    rows: Tensor
    columns: Tensor
    num_queries: int
    num_keys: int

    @cached_property
    def query_slots(self) -> Tensor:
        """The slot of each query position among all slots, (n_q,) int64; `NOWHERE` without one."""
        return _slots(self.rows, self.num_queries)

    @cached_property
    def key_slots(self) -> Tensor:
        """A slot of each key position among all slots, (n_k,) int64; `NOWHERE` without one."""
        return _slots(self.columns, self.num_keys)

    def write_to(
        self, whole: Tensor, heads: Tensor, queries: Tensor, places: Tensor, *, adds: bool = True
    ) -> None:
        """Write the numbers of some heads and queries to a map.

        Parameters
        ----------
        whole
            (H', n_q, n + 1): the map, and a column for keys that are not wanted.
        heads, queries
            The heads (H',) and the query positions (n_q,) of its rows.
        places
            (n_k + 1,) int64, the column of each key position, the last one that of `NOWHERE`.
        adds
            Add what several slots have for a pair of positions, as weights do. Gradients do not:
            that by any of them is the gradient by their sum.
        """
        for rows, windows, slots, columns in self._blocks(queries, len(heads)):
            tiles = self.inner.weights(
                self.heads[windows][:, heads].flatten().tolist(),
                slots.tolist(),
                slice(0, self.columns.shape[1]),
            ).view(len(windows), len(heads), len(slots), -1)
            window, slot = columns
            found = tiles[window, :, slot].transpose(0, 1)
            wanted = places[self.columns[windows[window]]]
            part, index = whole[:, rows], wanted.expand_as(found)
            whole[:, rows] = (
                part.scatter_add(2, index, found) if adds else part.scatter(2, index, found)
            )

    def attended(self) -> Tensor:
        """Return the keys with non-zero weight in any tile, (n_k,) bool."""
        found = torch.zeros(self.num_keys + 1, dtype=torch.bool, device="cpu")
        everything = slice(0, self.rows.shape[1]), slice(0, self.columns.shape[1])
        for heads, columns in zip(self.heads, self.columns, strict=True):
            weights = self.inner.weights(heads.tolist(), *everything)
            found[columns[weights.amax((0, 1)) > 0]] = True
        return found[:-1]

    @property
    def num_weights(self) -> int:
        """Number of weights of all tiles."""
        return self.inner.num_heads * self.rows.shape[1] * self.columns.shape[1]

    def of_weights(self, flat: Tensor) -> "Tiles":
        """Return tiles in the same places that hold other numbers, (`num_weights`,)."""
        shape = self.inner.num_heads, self.rows.shape[1], self.columns.shape[1]
        return replace(self, inner=DenseLayer(flat.view(shape)))

    def cropped(self, queries: slice, keys: slice) -> "Tiles":
        """Return the tiles of a map that is cropped to some queries and keys."""
        return replace(
            self,
            rows=_cropped(self.rows, queries),
            columns=_cropped(self.columns, keys),
            num_queries=queries.stop - queries.start,
            num_keys=keys.stop - keys.start,
        )

    def tensors(self) -> Iterator[Tensor]:
        """Yield every tensor that the tiles hold in memory."""
        yield from self.inner.tensors()
        yield from (self.heads, self.rows, self.columns)

    def _blocks(
        self, queries: Tensor, heads: int
    ) -> Iterator[tuple[Tensor, Tensor, Tensor, tuple[Tensor, Tensor]]]:
        """Yield blocks of windows with the queries that lie in them.

        Each is the indices of its queries, its windows, their slots that are wanted, and for each
        query the indices of its window and its slot among these.
        """
        slots = self.query_slots[queries]
        present = (slots != NOWHERE).nonzero().flatten()
        window, slot = slots[present] // self.rows.shape[1], slots[present] % self.rows.shape[1]
        needed = torch.unique(window)
        size = max(1, BLOCK_ELEMENTS // max(1, heads * self.rows.shape[1] * self.columns.shape[1]))
        for windows in needed.split(size):
            inside = torch.isin(window, windows)
            wanted, place = torch.unique(slot[inside], return_inverse=True)
            index = torch.searchsorted(windows, window[inside])
            yield present[inside], windows, wanted, (index, place)


def _slots(positions: Tensor, count: int) -> Tensor:
    flat = positions.flatten()
    slots = torch.full((count,), NOWHERE, device="cpu")
    known = (flat != NOWHERE).nonzero().flatten()
    slots[flat[known]] = known
    return slots


def _cropped(positions: Tensor, kept: slice) -> Tensor:
    inside = (positions >= kept.start) & (positions < kept.stop)
    return torch.where(inside, positions - kept.start, NOWHERE)
