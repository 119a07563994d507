"""Scores of methods that go through layers, each kept for the layer above it."""

from collections.abc import Callable, Hashable, Sequence
from typing import cast

from torch import Tensor

from attnwidget.frames.nodes import columns_of, nodes_of, stack_of
from attnwidget.frames.scores import RowsOf, ScoresOf
from attnwidget.frames.workspace import Progress, Workspace
from attnwidget.methods.gradient_flow import aimed
from attnwidget.methods.gradient_steps import gradient_steps
from attnwidget.methods.product import full_product
from attnwidget.methods.relevance import relevance_steps
from attnwidget.methods.steps import Step, attention_steps
from attnwidget.trace import Trace


def steps_of(trace: Trace, scores: ScoresOf) -> list[Step]:
    """Return the steps of a method through all layers of a stream, bottom to top.

    Attention itself goes through one layer only, so rollout stands for it.
    """
    stack = stack_of(trace, scores.stream)
    if scores.method == "relevance":
        return relevance_steps(aimed(trace, scores.target), stream=stack)
    if scores.method == "gradient_flow":
        aim = aimed(trace, scores.target)
        return gradient_steps(aim, fusion=scores.fusion, stream=stack)
    ratio = scores.discard_ratio if scores.method == "rollout" else 0.0
    return attention_steps(trace, fusion=scores.fusion, discard_ratio=ratio, stream=stack)


def products_are_kept(workspace: Workspace, scores: ScoresOf) -> bool:
    """Return whether the product of the steps up to this layer is kept."""
    count = nodes_of(workspace.trace, scores.stream).steps_to(scores.layer)
    return workspace.find((_key(workspace.trace, scores), count)) is not None


def product_rows(workspace: Workspace, scores: ScoresOf, progress: Progress) -> RowsOf:
    """Return the product of all steps up to a layer, beginning from the highest that is kept."""
    key, steps = _key(workspace.trace, scores), steps_of(workspace.trace, scores)
    nodes = nodes_of(workspace.trace, scores.stream)
    tops = [nodes.steps_to(layer) for layer in range(scores.layer + 1)]
    below, product = 0, None
    for top in reversed(tops):
        found = workspace.find((key, top))
        if found is not None:
            below, product = top, cast("Tensor", found)
            break
    for top in tops:
        if top > below:
            compute = _product(steps[below:top], product, below, tops[-1])
            below, product = top, workspace.get((key, top), compute, progress)
    assert product is not None  # a layer has steps
    return rows_from(workspace, scores, product[: nodes.num_outputs])


def rows_from(workspace: Workspace, scores: ScoresOf, matrix: Tensor) -> RowsOf:
    """Return the rows of an (n_q, N) matrix at the keys of a stream."""
    columns = columns_of(workspace.trace, scores.stream)
    return lambda queries: matrix[queries, columns].clone()[None]


def _product(
    steps: Sequence[Step], onto: Tensor | None, below: int, total: int
) -> Callable[[Progress], Tensor]:
    def compute(progress: Progress) -> Tensor:
        if not callable(progress):
            return full_product(steps, progress, "layers", onto=onto)
        report = progress
        return full_product(steps, lambda done, _: report(below + done, total), "layers", onto=onto)

    return compute


def _key(trace: Trace, scores: ScoresOf) -> Hashable:
    """Return what tells the steps of these scores from all others."""
    stack = stack_of(trace, scores.stream)
    if scores.method == "relevance":
        return "relevance", stack, scores.target
    return "rollout", stack, scores.fusion, scores.discard_ratio
