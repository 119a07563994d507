"""The row of the matrix view."""

from dataclasses import replace

from attnwidget.frames import MatrixOf, Workspace, is_ready
from attnwidget.picture import caption_of, scores_in_words
from attnwidget.trace import Trace
from attnwidget.views.layer_parts import layer_parts
from attnwidget.views.matrix.on_screen import (
    matrices_on_screen,
    methods_on_screen,
    scores_on_screen,
)
from attnwidget.views.matrix.picture import MatrixOptions, draw_matrices
from attnwidget.views.state import State
from attnwidget.views.view import Drawn, DrawRequest, View

MODES = {"compare": "comparison", "difference": "difference", "evolution": "evolution"}
"""The modes in the words of a caption."""


def _draw(request: DrawRequest) -> Drawn:
    state, workspace = request.state, request.workspace
    matrices = matrices_on_screen(workspace.trace, state)
    options = MatrixOptions(state.colormap, state.scale, request.theme, as_pixels=request.is_small)
    drawing = draw_matrices(workspace, matrices, options, request.progress)
    mode = state.matrix_mode
    view = "matrix view" if mode == "single" else f"matrix view ({MODES[mode]})"
    return caption_of(
        workspace.trace, view, matrices[0].shown, _in_words(workspace.trace, mode, matrices)
    ), drawing


def _in_words(trace: Trace, mode: str, matrices: list[MatrixOf]) -> list[str]:
    first, *others = matrices
    words = scores_in_words(trace, first.shown.scores)
    if mode == "evolution":
        return scores_in_words(trace, first.shown.scores, layers="every layer")
    if first.minus is not None:
        return [*words, "minus " + ", ".join(scores_in_words(trace, first.minus.scores))]
    if others:
        right = scores_in_words(trace, others[0].shown.scores)
        return ["left: " + ", ".join(words), "right: " + ", ".join(right)]
    return words


def _fits_small_picture(workspace: Workspace, state: State) -> bool:
    matrices = matrices_on_screen(workspace.trace, state)
    return all(is_ready(workspace, term.scores) for each in matrices for term in each.terms)


def _within(trace: Trace, state: State, methods: set[str]) -> State:
    if methods_on_screen(trace, state) <= methods:
        return state
    return replace(state, matrix_mode="single")


MATRIX = View(
    name="matrix",
    draw=_draw,
    fits_small_picture=_fits_small_picture,
    scores=scores_on_screen,
    methods=methods_on_screen,
    within=_within,
    opening_parts=layer_parts,
    drawn_from_scores=True,
)
