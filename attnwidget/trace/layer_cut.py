"""What a cut takes away in one layer."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeAlias

import torch
from torch import Tensor

from attnwidget.trace.cut import Mode

Places: TypeAlias = range | tuple[int, ...]
"""Indices counted from the front, in order, each once; a range takes no memory."""


@dataclass(frozen=True)
class LayerCut:
    """What a cut takes away in one layer: every entry of some heads, queries and keys.

    Attributes
    ----------
    heads, queries, keys
        The entries.
    mode
        What takes their place.
    whole
        True if the keys are all that there are.
    """

    heads: Places
    queries: Places
    keys: Places
    mode: Mode
    whole: bool = False


def taken(
    cuts: Sequence[LayerCut], mode: Mode, heads: Tensor, rows: Tensor, columns: Tensor
) -> Tensor | None:
    """Return the pairs of a tile that cuts of one mode take.

    Parameters
    ----------
    cuts
        The cuts.
    mode
        The mode; cuts of other modes are passed over.
    heads, rows, columns
        The heads (H'), queries (n_q) and keys (n_k) of the tile, int64 on one device.

    Returns
    -------
    Tensor or None
        (H', n_q, n_k) bool; None if no cut has this mode.
    """
    chosen = [cut for cut in cuts if cut.mode == mode]
    if not chosen:
        return None
    shape = (len(heads), len(rows), len(columns))
    found = torch.zeros(shape, dtype=torch.bool, device=heads.device)
    for cut in chosen:
        own = [
            torch.isin(each, index(places, each.device))
            for each, places in ((heads, cut.heads), (rows, cut.queries), (columns, cut.keys))
        ]
        found |= own[0][:, None, None] & own[1][:, None] & own[2]
    return found


def check_left(forbidden: Tensor) -> None:
    """Refuse renormalising cuts (…, n_k) that take every key of a query together.

    Raises
    ------
    ValueError
        A row is forbidden as a whole.
    """
    if bool(forbidden.all(-1).any()):
        raise ValueError(
            "The cuts take every key of a query together, so that none is left to share the "
            'weight. Pass fewer keys, or mode="zero".'
        )


def index(places: Places | Sequence[int], device: torch.device) -> Tensor:
    """Return places as a tensor that indexes others on a device."""
    if isinstance(places, range):
        return torch.arange(places.start, places.stop, places.step, device=device)
    return torch.tensor(list(places), dtype=torch.long, device=device)


def shifted(places: Places, by: int) -> Places:
    """Return places further to the back."""
    if isinstance(places, range):
        return range(places.start + by, places.stop + by, places.step)
    return tuple(place + by for place in places)


def within(places: Places, start: int, length: int) -> Places:
    """Return the places in a window, counted from its start."""
    if start == 0 and places and max(places[0], places[-1]) < length:
        return places
    return tuple(place - start for place in places if start <= place < start + length)


def union(several: Sequence[Places]) -> Places:
    """Return every place of several."""
    return several[0] if len(several) == 1 else tuple(sorted(set().union(*several)))
