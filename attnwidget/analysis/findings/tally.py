"""Shares of attention, summed over queries, of every head and kind of pattern."""

from dataclasses import dataclass, field

import torch
from torch import Tensor

from attnwidget.analysis.gain import gain

LEAST_QUERIES = 3
"""Fewest queries that a pattern is judged by: one row alone may be chance."""


@dataclass
class Tally:
    """The sums of one kind over the heads of a layer, added block by block.

    Attributes
    ----------
    observed, expected
        (H,) sums of the shares that the keys of the kind get, and would get in even rows.
    counts
        (H,) number of queries that have such keys and a choice.
    best, query, key
        (H,) the largest weight of one such connection, and its place.
    """

    num_heads: int
    observed: Tensor = field(init=False)
    expected: Tensor = field(init=False)
    counts: Tensor = field(init=False)
    best: Tensor = field(init=False)
    query: Tensor = field(init=False)
    key: Tensor = field(init=False)

    def __post_init__(self) -> None:
        for name in ("observed", "expected", "counts"):
            setattr(self, name, torch.zeros(self.num_heads, dtype=torch.float64, device="cpu"))
        self.best = torch.full((self.num_heads,), -1.0, device="cpu")
        self.query, self.key = (
            torch.zeros(self.num_heads, dtype=torch.int64, device="cpu") for _ in range(2)
        )

    def add(
        self, weights: Tensor, masses: Tensor, region: Tensor, allowed: Tensor, rows: Tensor
    ) -> None:
        """Add the weights (H, m, n_k) of some queries.

        Parameters
        ----------
        weights
            Rows that sum to at most 1; a row of zeros says nothing.
        masses
            (H, m), the sums of the rows.
        region
            (m, n_k) bool, the keys of the kind.
        allowed
            (H or 1, m, n_k) bool, the keys that the mask allows.
        rows
            (m,) the places of the queries.
        """
        reached = region & allowed
        choices, hits = allowed.sum(-1), reached.sum(-1)
        speaks = (choices > 1) & (hits > 0) & (hits < choices) & (masses > 0)
        inside = weights * reached
        even = (hits / choices.clamp(min=1)).expand_as(speaks)
        self.observed += (inside.sum(-1).double() * speaks).sum(-1)
        self.expected += (even.double() * speaks).sum(-1)
        self.counts += speaks.sum(-1)
        by_row, keys = inside.max(-1)
        best, row = by_row.masked_fill_(~speaks, -1.0).max(-1)
        better = best > self.best
        self.best = torch.where(better, best, self.best)
        self.query = torch.where(better, rows[row], self.query)
        self.key = torch.where(better, keys.gather(-1, row[:, None])[:, 0], self.key)

    def share(self, head: int) -> float:
        """Return the mean share of the keys of this kind."""
        return float(self.observed[head] / self.counts[head].clamp(min=1))

    def gain(self, head: int) -> float:
        """Return the gain of the share over even rows; 0 where too few queries have such keys."""
        count = float(self.counts[head])
        if count < LEAST_QUERIES:
            return 0.0
        return gain(self.share(head), float(self.expected[head]) / count)
