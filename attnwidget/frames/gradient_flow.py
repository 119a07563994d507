"""Scores of attention times its gradient."""

from torch import Tensor

from attnwidget.frames.scores import RowsOf, ScoresOf
from attnwidget.frames.workspace import Progress, Workspace
from attnwidget.methods import fuse_heads
from attnwidget.methods.gradient_flow import aimed
from attnwidget.methods.steps import row_normalised


def gradient_flow_rows(workspace: Workspace, scores: ScoresOf, _progress: Progress) -> RowsOf:
    """Return what `attnwidget.gradient_flow` does, by rows: ``A |dL/dA|``, rows summing to 1."""
    stream = aimed(workspace.trace, scores.target)[scores.stream]
    stream.attention_gradient(scores.layer, 0, queries=0, keys=0)

    def rows(queries: slice) -> Tensor:
        weights = stream.attention(scores.layer, scores.heads, queries=queries)
        gradient = stream.attention_gradient(scores.layer, scores.heads, queries=queries)
        flow = row_normalised(weights.mul_(gradient.abs_()))
        return fuse_heads(flow, scores.fusion)[None] if scores.fused else flow

    return rows


def gradients_ready(workspace: Workspace, scores: ScoresOf) -> bool:
    """Return whether the model has been run backward for this target."""
    stream = aimed(workspace.trace, scores.target)[scores.stream]
    return stream.gradients is not None and any(True for _ in stream.gradients.tensors(stream.name))
