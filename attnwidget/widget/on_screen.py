"""What a widget shows, as tensors."""

from dataclasses import replace

import torch
from torch import Tensor

from attnwidget.frames import METHODS, MatrixOf, ScoresOf, Shown, Workspace, refusal
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
        rollout = replace(first.scores, method="rollout", heads=None)
        layers = [replace(rollout, layer=place) for place in range(stream.num_layers)]
        return [MatrixOf(replace(first, scores=scores, pair_filter="all")) for scores in layers]
    second = replace(first, scores=_compared(selection, first))
    if selection.matrix_mode == "difference":
        return [MatrixOf(first, second)]
    return [MatrixOf(first), MatrixOf(second)]


def _compared(selection: Selection, first: Shown) -> ScoresOf:
    """Return the scores that the first ones are compared with."""
    scores, given = first.scores, selection.compare_with
    if given is None:
        given = {"layer": None, "head": None, "method": _other_method(selection)}
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


def _other_method(selection: Selection) -> str:
    """Return the method that a method is compared with where nothing else is chosen."""
    refused = refusal(selection.trace, selection.current_stream, "rollout")
    return "rollout" if selection.method == "attention" and refused is None else "attention"


def _dense(matrix: MatrixOf, workspace: Workspace) -> Tensor:
    return torch.cat([torch.from_numpy(rows) for _, rows in matrix.blocks(workspace)])
