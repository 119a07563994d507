"""Scores by receptive field: how much more than attention that spreads evenly would give."""

import torch
from torch import Tensor

from attnwidget.methods.skip_first import without_first
from attnwidget.methods.source import Source
from attnwidget.methods.steps import Step, add_identity, row_normalised, spread, step_of
from attnwidget.methods.sublayers import Sublayer, sublayers
from attnwidget.trace import Indexer
from attnwidget.trace.indexing import Indices


def even_steps(
    source: Source,
    *,
    residual: bool = True,
    skip_first: bool = False,
    layers: Indexer = None,
    stream: str | None = None,
) -> list[Step]:
    """Return the steps of rollout if every token attended evenly to the keys its mask allows.

    Parameters are those of `attention_steps`. A key counts if any head may attend to it; for
    weights without their mask, if any head does.
    """
    return [
        step_of(sublayer, without_first(rows, sublayer) if skip_first else rows)
        for sublayer in sublayers(source, layers=layers, stream=stream)
        for rows in [_Even(sublayer, residual)]
    ]


def by_receptive_field(scores: Tensor, even: Tensor) -> Tensor:
    """Return scores divided by those of even attention, each row scaled to the sum it had.

    Parameters
    ----------
    scores
        (..., m, N), not negative.
    even
        The same of even attention.

    Raises
    ------
    ValueError
        Even attention would give less than float32 can tell, so that nothing can be divided by it.
    """
    if bool(((even < torch.finfo(torch.float32).tiny) & (scores > 0)).any()):
        raise ValueError(
            "Even attention would give some token less than float32 can tell, so scores cannot be "
            "divided by it: go through fewer layers (layers=), keep the residual connection "
            "(residual=True), or leave receptive_field out."
        )
    ratios = row_normalised(scores / even.masked_fill(even == 0, 1.0))
    return ratios.mul_(scores.sum(-1, keepdim=True))


class _Even:
    """The rows of one sublayer of even attention."""

    def __init__(self, sublayer: Sublayer, residual: bool) -> None:
        self._sublayer = sublayer
        self._residual = residual and not sublayer.crosses

    def __call__(self, nodes: Indices) -> Tensor:
        allowed = self._sublayer.attention.reachable(nodes).double()
        shares = row_normalised(allowed)
        if self._residual:
            add_identity(shares, nodes)
            row_normalised(shares)
        if not self._sublayer.crosses:
            return spread(shares, self._sublayer)
        return spread(shares, self._sublayer, own=nodes).div_(2)
