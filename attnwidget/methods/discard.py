"""The discard ratio: zero the smallest entries of a matrix that is computed in blocks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from math import nan
from typing import SupportsFloat

import torch
from torch import Tensor

from attnwidget.trace.indexing import Indices
from attnwidget.trace.once import Once

BLOCK_ELEMENTS = 1 << 15
"""Most entries of the matrix in memory at a time; a small matrix is split into 32 blocks."""

BIN_BITS = 12
"""Bits of the threshold that one pass over the matrix determines."""

_BITS = 62
"""Number of bits in which the float64 numbers from 0 to 1 differ."""


def check_ratio(discard_ratio: object) -> None:
    """Raise ValueError if `discard_ratio` is not a number in [0, 1)."""
    ratio = float(discard_ratio) if isinstance(discard_ratio, SupportsFloat) else nan
    if isinstance(discard_ratio, bool) or not 0 <= ratio < 1:
        raise ValueError(
            "discard_ratio must be a number in [0, 1), the share of the smallest entries to leave "
            f"out, but {discard_ratio!r} was given."
        )


@dataclass(frozen=True, eq=False)
class Discard:
    """Zeroes the smallest entries of a matrix.

    Entries strictly below the ``int(n_q * n_k * ratio)``-th smallest entry of the whole matrix,
    counted from 0, become zero. The largest entry of a row always stays.

    Parameters
    ----------
    rows
        Function that computes rows of the matrix, (m, n_k) float64 and not negative.
    num_queries, num_keys
        Size of the matrix.
    ratio
        The share of the entries to leave out, in [0, 1).
    """

    rows: Callable[[Indices], Tensor]
    num_queries: int
    num_keys: int
    ratio: float
    _threshold: Once[float] = field(default_factory=Once, init=False)

    def __call__(self, rows: Tensor) -> Tensor:
        """Zero the smallest entries of rows of the matrix, (m, n_k), in place, and return them."""
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
    """Return a threshold that the entry at `rank` reaches and every smaller entry misses.

    The threshold lies midway between the entry at `rank`, counted from 0 in rising order, and the
    next smaller one. So the result stays the same if an entry is rounded differently when it is
    computed again in another block.

    Parameters
    ----------
    blocks
        Function that yields all entries as float64 tensors from 0 to 1; every call yields the same
        entries.
    rank
        Rank of the entry, in ``range(number of entries)``.
    few
        Most entries that may be gathered and sorted.
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
    """Return the bit patterns that enclose the entry at `rank`, and its rank between them.

    Floats from 0 to 1 have the same order as their bit patterns. So a histogram of the leading bits
    gives the bin of the entry, and another pass looks only into that bin, until `few` entries are
    left or all are equal.
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
