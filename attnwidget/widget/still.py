"""The picture that stands where a widget cannot: small, and drawn at once."""

from dataclasses import replace

from attnwidget.frames import METHODS, MatrixOf, Shown, Workspace, is_ready, nodes_of
from attnwidget.picture import (
    Looks,
    Theme,
    caption_of,
    document,
    draw_head,
    draw_matrices,
    draw_model,
    theme_named,
)
from attnwidget.widget.on_screen import matrices_on_screen
from attnwidget.widget.selection import Selection
from attnwidget.widget.to_svg import to_svg

MOST_LINES = 600
MOST_TOKENS = 96
"""In a column of the head view, so that the picture is no taller than three screens."""

MOST_THUMBNAILS = 400
MOST_WEIGHTS = 5_000_000
"""Of the model view: more take long to pool to thumbnails."""

MOST_CROSSINGS = 50_000
"""Of the trace view: connections of all layers."""

FROM_ARRAYS_OR_LAYERS = ("attention", "rollout")


def still_picture(selection: Selection, workspace: Workspace) -> str:
    """Return the view as SVG, simplified so that it is soon drawn and holds some 100 kB at most.

    A view that is too large for that, or that has no picture, gives way to the matrix of the layer
    that is shown, and a method whose scores are not there to attention. The caption says what is
    drawn.
    """
    theme = theme_named("dark" if selection.theme == "dark" else "light")
    shown = selection.shown
    if not is_ready(workspace, shown.scores):
        shown = replace(shown, scores=replace(shown.scores, method="attention"))
    draw = _FITTING.get(selection.view)
    picture = None if draw is None else draw(selection, workspace, shown, theme)
    return picture or _matrix_of(selection, workspace, shown, theme)


def _head(selection: Selection, workspace: Workspace, shown: Shown, theme: Theme) -> str | None:
    stream = workspace.trace[shown.scores.stream]
    if max(len(stream.queries), len(stream.keys)) > MOST_TOKENS:
        return None
    pins = selection.tokens_selected
    drawing = draw_head(workspace, shown, selection.coverage, pins, theme, False, MOST_LINES)
    return document(drawing, caption_of(workspace.trace, "head", shown), theme)


def _model(_selection: Selection, workspace: Workspace, shown: Shown, theme: Theme) -> str | None:
    stream = workspace.trace[shown.scores.stream]
    every = replace(shown.scores, heads=None)
    thumbnails = stream.num_layers * stream.num_heads
    if thumbnails > MOST_THUMBNAILS:
        return None
    if thumbnails * len(stream.queries) * len(stream.keys) > MOST_WEIGHTS:
        return None
    layers = range(stream.num_layers)
    if not all(is_ready(workspace, replace(every, layer=layer)) for layer in layers):
        return None
    shown = replace(shown, scores=every, pair_filter="all")
    drawing = draw_model(workspace, shown, "pixels", theme, False)
    heads = "every head" if METHODS[every.method].per_head else None
    caption = caption_of(workspace.trace, "model", shown, layers="every layer", heads=heads)
    return document(drawing, caption, theme)


def _matrix(selection: Selection, workspace: Workspace, shown: Shown, theme: Theme) -> str | None:
    matrices = matrices_on_screen(selection)
    terms = [term for matrix in matrices for term in matrix.terms]
    if not all(is_ready(workspace, term.scores) for term in terms):
        return None
    looks = Looks(selection.colormap, selection.scale, theme, as_pixels=True)
    drawing = draw_matrices(workspace, matrices, looks, False)
    mode = selection.matrix_mode
    view = "matrix" if mode == "single" else f"matrix ({mode})"
    layers = "every layer" if mode == "evolution" else None
    caption = caption_of(workspace.trace, view, matrices[0].shown, layers=layers)
    return document(drawing, caption, theme)


def _trace(selection: Selection, workspace: Workspace, shown: Shown, theme: Theme) -> str | None:
    nodes = nodes_of(workspace.trace, shown.scores.stream)
    crossings = len(nodes.sublayers) * nodes.num_nodes**2
    if selection.method not in FROM_ARRAYS_OR_LAYERS or crossings > MOST_CROSSINGS:
        return None
    return to_svg(selection, workspace, theme.name, False)


def _matrix_of(selection: Selection, workspace: Workspace, shown: Shown, theme: Theme) -> str:
    one = MatrixOf(replace(shown, scores=shown.scores.in_one()))
    looks = Looks(selection.colormap, selection.scale, theme, as_pixels=True)
    drawing = draw_matrices(workspace, [one], looks, False)
    return document(drawing, caption_of(workspace.trace, "matrix", one.shown), theme)


_FITTING = {"head": _head, "model": _model, "matrix": _matrix, "trace": _trace, "neuron": _head}
