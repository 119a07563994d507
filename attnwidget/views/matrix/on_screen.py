"""The matrices on the screen of the matrix view."""

from dataclasses import replace

import torch
from torch import Tensor

from attnwidget.frames import MatrixOf, VisibleRows, Workspace
from attnwidget.methods.registry import EVOLVING, METHODS, other_method
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.trace import Trace
from attnwidget.views.state import State


def scores_on_screen(workspace: Workspace, state: State) -> Tensor:
    """Return the scores on the screen: (n_q, n_k), or several of them stacked."""
    matrices = [
        torch.cat([torch.from_numpy(rows) for _, rows in matrix.blocks(workspace)])
        for matrix in matrices_on_screen(workspace.trace, state)
    ]
    several = state.matrix_mode in ("compare", "evolution")
    return torch.stack(matrices) if several else matrices[0]


def matrices_on_screen(trace: Trace, state: State) -> list[MatrixOf]:
    """Return the matrices on the screen: one, two, their difference, or one for each layer."""
    first = replace(state.shown, scores=state.scores.in_one())
    if state.matrix_mode == "single":
        return [MatrixOf(first)]
    if state.matrix_mode == "evolution":
        evolving = replace(first.scores, method=EVOLVING, heads=None)
        layers = [replace(evolving, layer=at) for at in range(trace[state.stream].num_layers)]
        return [MatrixOf(replace(first, scores=scores, pair_filter="all")) for scores in layers]
    second = replace(first, scores=_compared(trace, state, first))
    if state.matrix_mode == "difference":
        return [MatrixOf(first, second)]
    return [MatrixOf(first), MatrixOf(second)]


def methods_on_screen(trace: Trace, state: State) -> set[str]:
    """Return the names of the methods on the screen beside the chosen one."""
    if state.matrix_mode == "single":
        return set()
    if state.matrix_mode == "evolution":
        return {EVOLVING}
    if state.compare_with is not None:
        return {state.compare_with["method"] or state.method}
    return {other_method(trace, trace[state.stream], state.method)}


def _compared(trace: Trace, state: State, first: VisibleRows) -> ScoresOf:
    """Return the scores to compare the first matrix with."""
    scores, given = first.scores, state.compare_with
    if given is None:
        other = other_method(trace, trace[state.stream], state.method)
        given = {"layer": None, "head": None, "method": other}
    method = given["method"] or scores.method
    heads = state.heads if given["head"] is None else [given["head"]]
    if not METHODS[method].per_head:
        heads = None
    return replace(
        scores,
        layer=scores.layer if given["layer"] is None else given["layer"],
        method=method,
        heads=None if heads is None else tuple(heads),
    )
