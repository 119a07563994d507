"""Gradient flow as steps from the inputs to the output."""

from functools import partial

import torch
from torch import Tensor

from attnwidget.methods.fusion import Fusion, check_fusion
from attnwidget.methods.source import with_target
from attnwidget.methods.steps import Step, row_normalised, spread, step_of
from attnwidget.methods.sublayers import Sublayer, sublayers
from attnwidget.methods.weighted import weighted_rows
from attnwidget.trace import Indexer, Trace
from attnwidget.trace.indexing import Indices


def gradient_steps(
    trace: Trace,
    *,
    fusion: Fusion = "mean",
    layers: Indexer = None,
    stream: str | None = None,
) -> list[Step]:
    """Return the steps of gradient flow: the shares that each layer passes from token to token.

    Each head's ``A * |dL/dA|`` is scaled to rows that sum to 1, the heads are fused to F, and a
    sublayer mixes by ``rownorm(F + I)``; cross attention by ``rownorm([I | rownorm(F)])``. A token
    on whose attention the target does not depend passes on unchanged. Runs the model backward.

    Parameters
    ----------
    trace
        A captured trace, whose target is L.
    fusion, layers, stream
        As in `attnwidget.rollout`.

    Raises
    ------
    IndexError
        A layer is out of range, or the target names a missing position or entry.
    ValueError
        The trace has no gradients, the target does not fit the model, or another argument is not
        as described.
    """
    check_fusion(fusion)
    return [
        step_of(sublayer, partial(_rows, sublayer, fusion))
        for sublayer in sublayers(with_target(trace, None), layers=layers, stream=stream)
    ]


def _rows(sublayer: Sublayer, fusion: Fusion, nodes: Indices) -> Tensor:
    fused: Tensor | None = None
    for weighted in weighted_rows(sublayer, nodes):
        flow = row_normalised(weighted.abs_())
        if fused is None:
            fused = flow
        elif fusion == "mean":
            fused += flow
        else:
            pair = torch.maximum if fusion == "max" else torch.minimum
            pair(fused, flow, out=fused)
    assert fused is not None  # a layer has heads
    if fusion == "mean":
        fused /= sublayer.attention.num_heads
    shares = row_normalised(fused) if sublayer.crosses else fused
    return row_normalised(spread(shares, sublayer, own=nodes))
