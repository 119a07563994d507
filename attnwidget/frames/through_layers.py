"""Scores of methods that go through layers, each kept for the layer above it."""

from collections.abc import Callable, Hashable, Sequence
from typing import cast

from torch import Tensor

from attnwidget.frames.nodes import columns_of, nodes_of, stack_of
from attnwidget.frames.scores import RowsOf, ScoresOf
from attnwidget.frames.workspace import Progress, Workspace
from attnwidget.methods.product import full_product
from attnwidget.methods.steps import Step, attention_steps


def rollout_rows(workspace: Workspace, scores: ScoresOf, progress: Progress) -> RowsOf:
    """Return the rollout of all layers up to one."""
    steps = attention_steps(
        workspace.trace,
        fusion=scores.fusion,
        discard_ratio=scores.discard_ratio,
        stream=stack_of(workspace.trace, scores.stream),
    )
    return product_rows(workspace, scores, _rollout_key(workspace, scores), steps, progress)


def rollout_ready(workspace: Workspace, scores: ScoresOf) -> bool:
    """Return whether this rollout is kept."""
    count = nodes_of(workspace.trace, scores.stream).steps_to(scores.layer)
    return workspace.find((_rollout_key(workspace, scores), count)) is not None


def product_rows(
    workspace: Workspace,
    scores: ScoresOf,
    key: Hashable,
    steps: Sequence[Step],
    progress: Progress,
) -> RowsOf:
    """Return the product of all steps up to a layer, beginning from the highest that is kept.

    Parameters
    ----------
    workspace
        Keeps the product of the steps up to each layer.
    scores
        Of which layer, and of which stream the keys.
    key
        What the products of these steps are kept as, together with how many steps they have.
    steps
        Of all layers, bottom to top.
    progress
        Gets steps done, and of how many.
    """
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


def _rollout_key(workspace: Workspace, scores: ScoresOf) -> Hashable:
    stack = stack_of(workspace.trace, scores.stream)
    return "rollout", stack, scores.fusion, scores.discard_ratio
