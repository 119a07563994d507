"""The picture of a widget in a saved notebook: small, and drawn quickly."""

from dataclasses import replace

from attnwidget.frames import MatrixOf, Workspace, is_ready
from attnwidget.methods.registry import DEFAULT
from attnwidget.picture import Theme, caption_of, document, theme_named
from attnwidget.views import VIEWS, HeadImportance, State
from attnwidget.views.matrix.picture import MatrixOptions, draw_matrices
from attnwidget.widget.to_svg import to_svg


def saved_picture(state: State, workspace: Workspace, importance: HeadImportance | None) -> str:
    """Return the view as SVG, simplified to be drawn quickly and to take some 100 kB at most.

    If the view is too large for that, or its scores would take long, the picture is the matrix of
    the layer, by the default method if necessary. The caption describes the picture.
    """
    theme = theme_named("dark" if state.theme == "dark" else "light")
    if VIEWS[state.view].fits_small_picture(workspace, state):
        return to_svg(state, workspace, importance, theme.name, False, is_small=True)
    return _matrix_of_layer(state, workspace, theme)


def _matrix_of_layer(state: State, workspace: Workspace, theme: Theme) -> str:
    shown = state.shown
    scores = shown.scores
    if not is_ready(workspace, scores):
        scores = replace(scores, method=DEFAULT)
    one = MatrixOf(replace(shown, scores=scores.in_one()))
    options = MatrixOptions(state.colormap, state.scale, theme, as_pixels=True)
    drawing = draw_matrices(workspace, [one], options, False)
    return document(drawing, caption_of(workspace.trace, "matrix view", one.shown), theme)
