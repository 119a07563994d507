"""Leaving out the smallest entries of a matrix that is never held as a whole."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import nan
from typing import SupportsFloat

import torch
from torch import Tensor

from attnwidget.trace.indexing import Indices
from attnwidget.trace.once import Once

BLOCK_ELEMENTS = 1 << 15
"""Entries of the matrix that are held at a time, or a part of it where that is less."""

BIN_BITS = 12
"""Each pass over the matrix tells so many bits of the threshold."""

_BITS = 62
"""Bits that the floats from 0 to 1 differ in."""


def check_ratio(discard_ratio: object) -> None:
    """Raise ValueError where `discard_ratio` is no number in [0, 1)."""
    ratio = float(discard_ratio) if isinstance(discard_ratio, SupportsFloat) else nan
    if isinstance(discard_ratio, bool) or not 0 <= ratio < 1:
        raise ValueError(
            "discard_ratio must be a number in [0, 1), the share of the smallest entries to leave "
            f"out, but {discard_ratio!r} was given."
        )


@dataclass(frozen=True, eq=False)
class Discard:
    """Zeroes the smallest entries of a matrix.

    What lies strictly below the ``int(n_q * n_k * ratio)``-th smallest entry of the whole matrix,
    counted from 0, goes. The largest entry of a row always stays.

    Parameters
    ----------
    rows
        Makes rows of the matrix, (m, n_k) float64 and not negative.
    num_queries, num_keys
        Size of the matrix.
    ratio
        In [0, 1).
    """

    rows: Callable[[Indices], Tensor]
    num_queries: int
    num_keys: int
    ratio: float
    _threshold: Once[float] = field(default_factory=Once, init=False)

    def __call__(self, rows: Tensor) -> Tensor:
        """Return rows of the matrix, (m, n_k), without the smallest entries, overwriting them."""
        kept = rows >= self._threshold.get(self._find)
        kept[torch.arange(len(rows), device="cpu"), rows.argmax(-1)] = True
        return rows.mul_(kept)

    def _find(self) -> float:
        rank = int(self.num_queries * self.num_keys * self.ratio)
        return threshold(self._blocks, rank, self._few)

    @property
    def _few(self) -> int:
        return min(BLOCK_ELEMENTS, self.num_queries * self.num_keys // 32)

    def _blocks(self) -> Iterator[Tensor]:
        size = max(1, self._few // self.num_keys)
        for start in range(0, self.num_queries, size):
            yield self.rows(slice(start, min(start + size, self.num_queries)))


def threshold(blocks: Callable[[], Iterator[Tensor]], rank: int, few: int) -> float:
    """Return a number that the entry at `rank` reaches, and that no smaller entry does.

    It lies midway between that entry, counted from 0 among all in rising order, and the next
    smaller one. So an entry may be rounded otherwise when it is computed again in another block.

    Parameters
    ----------
    blocks
        Yields all entries, as float64 tensors from 0 to 1; the same ones at every call.
    rank
        In ``range(number of entries)``.
    few
        How many entries may be gathered and sorted.
    """
    low, high, rank = _narrowed(blocks, rank, few)
    if high == 0:
        return 0.0
    lowest, highest = _float_of(low), _float_of(high)
    below, gathered = 0.0, [torch.tensor([highest], dtype=torch.float64, device="cpu")]
    for block in blocks():
        below = max(below, float(block.masked_fill(block >= lowest, 0.0).max()))
        if low < high:
            gathered.append(block[(block >= lowest) & (block <= highest)])
    found = torch.cat(gathered)
    entry = float(found.kthvalue(min(rank + 1, len(found))).values)
    below = max(below, float(found.masked_fill(found >= entry, 0.0).max()))
    middle = (below + entry) / 2
    return middle if middle > below else entry


def _narrowed(blocks: Callable[[], Iterator[Tensor]], rank: int, few: int) -> tuple[int, int, int]:
    """Return bits between which the entry at `rank` lies, and its rank among those between.

    Floats from 0 to 1 are ordered as their bits are. So a histogram of the leading bits says where
    the entry lies, and another pass looks only there, until `few` are left or all are the same.
    """
    low, high, shift = 0, 1 << _BITS, _BITS - BIN_BITS
    while True:
        counts = torch.zeros((1 << BIN_BITS) + 1, dtype=torch.int64, device="cpu")
        for block in blocks():
            bits = block.view(torch.int64)
            inside = bits[(bits >= low) & (bits <= high)]
            # The lowest bits have a bin of their own, because zero is the most frequent entry.
            places = (inside - low + ((1 << shift) - 1)) >> shift
            counts += places.bincount(minlength=len(counts))
        totals = counts.cumsum(0)
        place = int(torch.searchsorted(totals, rank, right=True))
        if place == 0:
            return low, low, 0
        rank -= int(totals[place - 1])
        high = low + (place << shift)
        low = high - (1 << shift) + 1
        if low == high:
            return low, low, 0
        if counts[place] <= few:
            return low, high, rank
        shift = max(0, shift - BIN_BITS)


def _float_of(bits: int) -> float:
    return torch.tensor(bits, dtype=torch.int64, device="cpu").view(torch.float64).item()
