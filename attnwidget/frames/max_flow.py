"""Scores of maximum flows between all pairs."""

from collections.abc import Hashable

from torch import Tensor

from attnwidget.frames.nodes import nodes_of, stack_of
from attnwidget.frames.scores import RowsOf, ScoresOf
from attnwidget.frames.through_layers import rows_from
from attnwidget.frames.workspace import Progress, Workspace
from attnwidget.methods.flow.cost import seconds_per_pair
from attnwidget.methods.flow.pairs import MAX_SECONDS
from attnwidget.methods.flow.solver import chosen_engine
from attnwidget.methods.max_flow import max_flow


def max_flow_rows(workspace: Workspace, scores: ScoresOf, progress: Progress) -> RowsOf:
    """Return the maximum flows through all layers up to one.

    Raises
    ------
    ValueError
        They would take too long; the message says how long, and what to do.
    """
    _check_duration(workspace, scores)

    def compute(report: Progress) -> Tensor:
        return max_flow(
            workspace.trace,
            fusion=scores.fusion,
            layers=slice(0, scores.layer + 1),
            stream=stack_of(workspace.trace, scores.stream),
            progress=report,
            max_seconds=float("inf"),
        )

    return rows_from(workspace, scores, workspace.get(_key(workspace, scores), compute, progress))


def max_flow_is_kept(workspace: Workspace, scores: ScoresOf) -> bool:
    """Return whether these maximum flows are kept."""
    return workspace.find(_key(workspace, scores)) is not None


def _check_duration(workspace: Workspace, scores: ScoresOf) -> None:
    nodes = nodes_of(workspace.trace, scores.stream)
    pairs = nodes.num_outputs * nodes.num_nodes
    steps = nodes.steps_to(scores.layer)
    seconds = pairs * seconds_per_pair(chosen_engine(None), steps, nodes.num_nodes)
    if seconds > MAX_SECONDS:
        raise ValueError(
            f"The maximum flows of all {pairs:,} pairs through {steps} levels would take about "
            f"{seconds / 60:,.0f} minutes. Show a lower layer, a shorter text or another method; "
            "the trace view needs those of one token only. In Python, "
            "attnwidget.max_flow(trace, sources=…) computes chosen pairs."
        )


def _key(workspace: Workspace, scores: ScoresOf) -> Hashable:
    return "max_flow", stack_of(workspace.trace, scores.stream), scores.layer, scores.fusion
