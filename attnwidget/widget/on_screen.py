"""What a widget shows."""

from dataclasses import replace

import torch
from torch import Tensor

from attnwidget.frames import MatrixOf, Shown, Workspace
from attnwidget.frames.neuron import NeuronWant
from attnwidget.methods.registry import EVOLVING, METHODS, other_method
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.widget.selection import Selection


def scores_on_screen(selection: Selection, workspace: Workspace) -> Tensor:
    """Return the scores of the matrices that are on screen, or of the rows in any other view."""
    if selection.view != "matrix":
        rows = [block.weights for block in selection.shown.blocks(workspace)]
        scores = torch.cat(rows, dim=1)
        return scores[0] if selection.shown.scores.fused else scores
    matrices = [_dense(matrix, workspace) for matrix in matrices_on_screen(selection)]
    several = selection.matrix_mode in ("compare", "evolution")
    return torch.stack(matrices) if several else matrices[0]


def matrices_on_screen(selection: Selection) -> list[MatrixOf]:
    """Return what the matrix view shows: one matrix, two, their difference, or each rollout."""
    stream = selection.current_stream
    first = replace(selection.shown, scores=selection.shown.scores.in_one())
    if selection.matrix_mode == "single":
        return [MatrixOf(first)]
    if selection.matrix_mode == "evolution":
        rollout = replace(first.scores, method=EVOLVING, heads=None)
        layers = [replace(rollout, layer=place) for place in range(stream.num_layers)]
        return [MatrixOf(replace(first, scores=scores, pair_filter="all")) for scores in layers]
    second = replace(first, scores=_compared(selection, first))
    if selection.matrix_mode == "difference":
        return [MatrixOf(first, second)]
    return [MatrixOf(first), MatrixOf(second)]


def neuron_on_screen(selection: Selection) -> NeuronWant:
    """Return what the neuron view shows: one query of one head.

    The last query that was pinned, else a telling one: the first that is no special token or, of a
    causal stream, whose first query sees only itself, the last.
    """
    stream = selection.current_stream
    pinned = [pin["index"] for pin in selection.tokens_selected if pin["side"] == "query"]
    ordinary = [at for at, special in enumerate(stream.queries.special) if not special] or [0]
    query = pinned[-1] if pinned else ordinary[-1 if stream.causal else 0]
    head = selection.heads[0] if selection.heads else 0
    return NeuronWant(stream.name, selection.layer, head, query)


def _compared(selection: Selection, first: Shown) -> ScoresOf:
    """Return the scores that the first ones are compared with."""
    trace, stream = selection.trace, selection.current_stream
    scores, given = first.scores, selection.compare_with
    if given is None:
        given = {
            "layer": None,
            "head": None,
            "method": other_method(trace, stream, selection.method),
        }
    method = given["method"] or scores.method
    heads = selection.heads if given["head"] is None else [given["head"]]
    if not METHODS[method].per_head:
        heads = None
    return replace(
        scores,
        layer=scores.layer if given["layer"] is None else given["layer"],
        method=method,
        heads=None if heads is None else tuple(heads),
    )


def _dense(matrix: MatrixOf, workspace: Workspace) -> Tensor:
    return torch.cat([torch.from_numpy(rows) for _, rows in matrix.blocks(workspace)])
