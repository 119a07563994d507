"""The best split of a sequence into two blocks that attend within themselves."""

from typing import NamedTuple

import torch
from torch import Tensor

from attnwidget.analysis.gain import gain

SMALLEST_BLOCK = 0.2
"""Share of the tokens that each block must have."""


class Split(NamedTuple):
    """A split of the tokens into those before `at` and the rest.

    Attributes
    ----------
    at
        Position of the first token of the second block.
    gain
        Gain of the mass inside the blocks over that of uniform rows.
    """

    at: int
    gain: float

    def inside(self, count: int) -> Tensor:
        """Return which pairs of `count` tokens are inside a block, (n, n) bool."""
        second = torch.arange(count) >= self.at
        return second[:, None] == second


def best_split(rows: Tensor, flat: Tensor) -> Split | None:
    """Return the split whose blocks hold the most mass; None if there are too few tokens.

    Parameters
    ----------
    rows
        (n, n), each row summing to 1, or to 0 if it is to be left out.
    flat
        The same rows spread evenly over the keys that the mask allows.
    """
    count = len(rows)
    smallest = max(2, round(SMALLEST_BLOCK * count))
    splits = range(smallest, count - smallest + 1)
    if not splits:
        return None
    total = rows.sum().item()
    observed, expected = (_inside(each) / total for each in (rows, flat))
    gains = [gain(observed[at].item(), expected[at].item()) for at in splits]
    best = max(range(len(gains)), key=gains.__getitem__)
    return Split(splits[best], gains[best])


def by_distance(rows: Tensor, allowed: Tensor) -> Tensor:
    """Return rows whose weights depend on the distance to a key alone, (n, n).

    Every allowed pair has the mean of the allowed pairs with the same ``i - j``; rows are scaled to
    the sums that they have in `rows`.

    Parameters
    ----------
    rows
        (n, n), zero where a pair is not allowed.
    allowed
        (n, n) bool.
    """
    count = len(rows)
    places = torch.arange(count)
    offsets = (places[:, None] - places + count - 1).flatten()
    sums, pairs = (
        torch.bincount(offsets, weights=each.double().flatten(), minlength=2 * count - 1)
        for each in (rows, allowed)
    )
    means = (sums / pairs.clamp(min=1))[offsets].view(count, count) * allowed
    scale = rows.sum(-1) / means.sum(-1)
    return means * torch.nan_to_num(scale)[:, None]


def _inside(rows: Tensor) -> Tensor:
    """Return the mass inside the blocks of every split at 0 to n, (n + 1,)."""
    lower, upper = rows.tril(), rows.triu(1)
    at_larger = lower.sum(1) + upper.sum(0)
    at_smaller = lower.sum(0) + upper.sum(1)
    before = torch.cat([at_larger.new_zeros(1), at_larger.cumsum(0)])
    after = torch.cat([at_smaller.flip(0).cumsum(0).flip(0), at_smaller.new_zeros(1)])
    return before + after
