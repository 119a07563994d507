"""Steps of a method from the inputs to the outputs: one matrix of shares for each sublayer."""

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from attnwidget.methods.discard import Discard, check_ratio
from attnwidget.methods.fusion import Fusion, check_fusion, fused_rows
from attnwidget.methods.skip_first import without_first
from attnwidget.methods.source import Source
from attnwidget.methods.sublayers import Sublayer, sublayers
from attnwidget.trace.indexing import Indexer, Indices, positions


@dataclass(frozen=True, eq=False)
class Step:
    """One sublayer's mixing of the N nodes below it into the nodes above.

    Attributes
    ----------
    stream
        The name of the sublayer's stream.
    layer
        The layer of that stream, counted from 0.
    targets
        The nodes that the sublayer updates; every other node is passed on unchanged.
    num_nodes
        N: the tokens of one stack, or target tokens followed by source tokens.
    rows
        Takes some of the target nodes, counted within `targets`, as a slice or a list; returns
        their shares of the nodes below, (m, N) float32.
    """

    stream: str
    layer: int
    targets: slice
    num_nodes: int
    rows: Callable[[Indices], Tensor]

    @property
    def num_targets(self) -> int:
        """Number of nodes that the sublayer updates."""
        return len(range(*self.targets.indices(self.num_nodes)))


def attention_steps(
    source: Source,
    *,
    fusion: Fusion = "mean",
    residual: bool = True,
    discard_ratio: float = 0.0,
    skip_first: bool = False,
    layers: Indexer = None,
    stream: str | None = None,
) -> list[Step]:
    """Return the steps of rollout and max-flow; see `rollout` for the parameters.

    A self-attention sublayer mixes by ``rownorm((F + I) / 2)``, or by ``rownorm(F)`` without the
    residual, where F is its fused heads; a cross-attention sublayer by ``[I | rownorm(C)] / 2``.
    Every row sums to 1, except the rows of tokens that attend to nothing.

    Raises
    ------
    IndexError
        A layer is out of range.
    ValueError
        As `rollout`.
    """
    check_fusion(fusion)
    check_ratio(discard_ratio)
    return [
        step_of(sublayer, without_first(rows, sublayer) if skip_first else rows)
        for sublayer in sublayers(source, layers=layers, stream=stream)
        for rows in [_Mixing(sublayer, fusion, residual, discard_ratio)]
    ]


def step_of(sublayer: Sublayer, rows: Callable[[Indices], Tensor]) -> Step:
    """Return the step of a sublayer whose rows, (m, N) float32, `rows` makes."""
    name, targets = sublayer.stream.name, sublayer.targets
    return Step(name, sublayer.layer, targets, sublayer.num_nodes, rows)


def spread(shares: Tensor, sublayer: Sublayer, *, own: Indices | None = None) -> Tensor:
    """Return shares of a sublayer's keys as shares of all nodes.

    Parameters
    ----------
    shares
        (m, n_k) of any floating dtype.
    sublayer
        The sublayer of these shares.
    own
        The m target nodes of these rows, counted within the targets, to add 1 to each node's share
        of itself.

    Returns
    -------
    Tensor
        (m, N) float32, zero for all nodes that the sublayer does not read.
    """
    if shares.shape[1] == sublayer.num_nodes:
        full = shares.float()
    else:
        full = torch.zeros(len(shares), sublayer.num_nodes, device="cpu")
        full[:, sublayer.sources] = shares.float()
    if own is not None:
        add_identity(full, own, offset=sublayer.targets.start)
    return full


def add_identity(rows: Tensor, nodes: Indices, *, offset: int = 0) -> None:
    """Add 1 to each row at the column of its own node, in place.

    Parameters
    ----------
    rows
        (m, N)
    nodes
        The m nodes of these rows.
    offset
        Column of node 0.
    """
    columns = positions(nodes, rows.shape[1] - offset) + offset
    rows[torch.arange(len(rows), device="cpu"), columns] += 1


def row_normalised(rows: Tensor) -> Tensor:
    """Divide rows by their sums, in place; rows that are all zero stay zero."""
    sums = rows.sum(-1, keepdim=True)
    return rows.div_(sums.masked_fill_(sums == 0, 1.0))


class _Mixing:
    """The rows of one attention sublayer."""

    def __init__(
        self, sublayer: Sublayer, fusion: Fusion, residual: bool, discard_ratio: float
    ) -> None:
        self._sublayer = sublayer
        self._fusion = fusion
        self._residual = residual and not sublayer.crosses
        layer = sublayer.attention
        self._discard = (
            Discard(self._shares, layer.num_queries, layer.num_keys, discard_ratio)
            if discard_ratio
            else None
        )

    def __call__(self, nodes: Indices) -> Tensor:
        shares = self._shares(nodes)
        if self._discard is not None:
            shares = row_normalised(self._discard(shares))
        if not self._sublayer.crosses:
            return spread(shares, self._sublayer)
        return spread(shares, self._sublayer, own=nodes).div_(2)

    def _shares(self, nodes: Indices) -> Tensor:
        """Return float64 rows of B, or of the cross attention C, before entries are discarded."""
        shares = fused_rows(self._sublayer.attention, nodes, self._fusion)
        if self._residual:
            # F + I stands for (F + I) / 2, because rows are normalised next.
            add_identity(shares, nodes)
        return row_normalised(shares)
