"""Steps that leave the first token out: no other token reads from it."""

from collections.abc import Callable

import torch
from torch import Tensor

from attnwidget.methods.sublayers import Sublayer
from attnwidget.trace.indexing import Indices, positions

Rows = Callable[[Indices], Tensor]


def without_first(rows: Rows, sublayer: Sublayer) -> Rows:
    """Return rows of a step in which no other token reads from the sublayer's first key.

    What is left of a row is scaled to the sum that the row had; a row that has nothing left is
    zero. The first token itself, in self-attention, keeps its row.

    Parameters
    ----------
    rows
        Takes some target nodes, counted within the targets; returns (m, N) float32.
    sublayer
        The sublayer of the rows.
    """
    first, start = sublayer.sources.start, sublayer.targets.start
    count = len(range(*sublayer.targets.indices(sublayer.num_nodes)))

    def kept(nodes: Indices) -> Tensor:
        shares = rows(nodes)
        totals = shares.sum(-1, keepdim=True)
        others = positions(nodes, count) + start != first
        shares[:, first] = torch.where(others, 0.0, shares[:, first])
        left = shares.sum(-1, keepdim=True)
        return shares.mul_(totals / left.masked_fill(left == 0, 1.0))

    return kept
