"""Selection of the strongest edges from a sequence of blocks."""

from typing import NamedTuple

import torch
from torch import Tensor


class Edges(NamedTuple):
    """Edges between two levels each, in columns of equal length E.

    Attributes
    ----------
    step
        (E,) int32, the step of each edge, which leads from level ``step`` up to ``step + 1``.
    upper, lower
        (E,) int32, the nodes at the ends of each edge.
    share
        (E,) float32, the share that each edge carries.
    """

    step: Tensor
    upper: Tensor
    lower: Tensor
    share: Tensor


class Strongest:
    """Collects the strongest of the edges that are added.

    Parameters
    ----------
    most
        Most edges to keep.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._floor = 0.0
        self._found: list[Edges] = []

    def add(self, step: int, uppers: Tensor, shares: Tensor) -> None:
        """Add the edges from each of the m `uppers` to every node below: shares (m, N)."""
        rows, lowers = (shares > self._floor).nonzero(as_tuple=True)
        self._keep(step, uppers[rows], lowers, shares[rows, lowers])

    def add_passed_on(self, step: int, shares: Tensor) -> None:
        """Add the edges of nodes that are passed on unchanged: shares (N,), zero for others."""
        nodes = (shares > self._floor).nonzero().flatten()
        self._keep(step, nodes, nodes, shares[nodes])

    def edges(self) -> Edges:
        """Return the strongest edges, the strongest first; none of them is zero."""
        if not self._found:
            none = torch.empty(0, dtype=torch.int32, device="cpu")
            return Edges(none, none, none, none.float())
        step, upper, lower, share = (torch.cat(column) for column in zip(*self._found, strict=True))
        order = share.sort(descending=True, stable=True).indices[: self._most]
        return Edges(step[order], upper[order], lower[order], share[order])

    def _keep(self, step: int, uppers: Tensor, lowers: Tensor, shares: Tensor) -> None:
        steps = torch.full_like(lowers, step, dtype=torch.int32)
        self._found.append(Edges(steps, uppers.int(), lowers.int(), shares))
        if sum(len(part.share) for part in self._found) > 2 * self._most:
            self._found = [self.edges()]
            if len(self._found[0].share) == self._most and self._most:
                self._floor = float(self._found[0].share[-1])
