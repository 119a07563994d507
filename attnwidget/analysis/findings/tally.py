"""Shares of attention, summed over queries, of every head and kind of pattern."""

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from attnwidget.analysis.findings.finding import FindingKind
from attnwidget.analysis.gain import gain

LEAST_QUERIES = 3
"""Fewest queries that a pattern is judged by: one row alone may be chance."""


class Tally:
    """The sums of every kind over the heads of a layer, added block by block.

    Parameters
    ----------
    kinds
        The kinds, K of them.
    num_heads
        Number of heads.
    """

    def __init__(self, kinds: Sequence[FindingKind], num_heads: int) -> None:
        self._kinds = tuple(kinds)
        # (3, K, H): the shares that the keys get, those in even rows, the number of such queries.
        self._sums = torch.zeros(3, len(kinds), num_heads, dtype=torch.float64, device="cpu")

    def add(
        self,
        weights: Tensor,
        masses: Tensor,
        regions: Mapping[FindingKind, Tensor],
        allowed: Tensor,
    ) -> None:
        """Add the weights (H, m, n_k) of some queries.

        Parameters
        ----------
        weights
            Rows that sum to at most 1; a row of zeros says nothing.
        masses
            (H, m), the sums of the rows.
        regions
            For each kind (m, n_k) bool, the keys that it is about.
        allowed
            (H or 1, m, n_k) bool, the keys that the mask allows.
        """
        keys = torch.stack([regions[kind] for kind in self._kinds], -1).float()  # (m, n_k, K)
        inside = (weights.transpose(0, 1) @ keys).permute(2, 1, 0)  # (K, H, m)
        hits = (allowed.float().transpose(0, 1) @ keys).permute(2, 1, 0)
        choices = allowed.sum(-1)
        says = speaks(hits, choices, masses)
        even = (hits / choices.clamp(min=1)).expand_as(says)
        for place, each in enumerate((inside, even, says)):
            self._sums[place] += (each.double() * says).sum(-1)

    def clearest(self, head: int) -> dict[FindingKind, tuple[float, float]]:
        """Return the gain and the mean share of every kind; both 0 for too few queries."""
        found: dict[FindingKind, tuple[float, float]] = {}
        for kind, sums in zip(self._kinds, self._sums[:, :, head].T.tolist(), strict=True):
            observed, expected, count = sums
            found[kind] = (0.0, 0.0)
            if count >= LEAST_QUERIES:
                share = observed / count
                found[kind] = gain(share, expected / count), share
        return found


def speaks(hits: Tensor, choices: Tensor, masses: Tensor) -> Tensor:
    """Return the queries that have keys of a kind and a choice, and attend to anything.

    Parameters
    ----------
    hits
        Number of allowed keys of the kind.
    choices
        Number of allowed keys.
    masses
        Sum of the weights.
    """
    return (choices > 1) & (hits > 0) & (hits < choices) & (masses > 0)
