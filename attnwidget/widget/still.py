"""The picture that stands where a widget cannot: small, and drawn at once."""

from dataclasses import replace

from attnwidget.frames import MatrixOf, Workspace, is_ready
from attnwidget.methods.nodes import nodes_of
from attnwidget.methods.registry import DEFAULT, METHODS, followed
from attnwidget.picture import Looks, Theme, caption_of, document, draw_matrices, theme_named
from attnwidget.widget.importance import ByStream
from attnwidget.widget.on_screen import matrices_on_screen
from attnwidget.widget.selection import Selection
from attnwidget.widget.to_svg import to_svg

MOST_TOKENS = 96
"""In a column of the head and neuron views, so that a picture is no taller than three screens."""

MOST_THUMBNAILS = 400
MOST_WEIGHTS = 5_000_000
"""Of the model view: more take long to pool to thumbnails."""

MOST_CROSSINGS = 50_000
"""Of the trace view: connections of all layers."""


def still_picture(selection: Selection, workspace: Workspace, importance: ByStream | None) -> str:
    """Return the view as SVG, simplified so that it is soon drawn and holds some 100 kB at most.

    A view that is too large for that, or whose scores are not there, gives way to the matrix of the
    layer that is shown, of attention where the scores are not there. The caption says what is
    drawn.
    """
    theme = theme_named("dark" if selection.theme == "dark" else "light")
    if _FITS[selection.view](selection, workspace):
        return to_svg(selection, workspace, importance, theme.name, False, is_small=True)
    return _matrix_of_layer(selection, workspace, theme)


def _head(selection: Selection, workspace: Workspace) -> bool:
    return _is_short(selection) and is_ready(workspace, selection.shown.scores)


def _neuron(selection: Selection, _workspace: Workspace) -> bool:
    return _is_short(selection)


def _is_short(selection: Selection) -> bool:
    stream = selection.current_stream
    return max(len(stream.queries), len(stream.keys)) <= MOST_TOKENS


def _model(selection: Selection, workspace: Workspace) -> bool:
    stream = selection.current_stream
    every = replace(selection.shown.scores, heads=None)
    thumbnails = stream.num_layers * stream.num_heads
    weights = thumbnails * len(stream.queries) * len(stream.keys)
    return (
        thumbnails <= MOST_THUMBNAILS
        and weights <= MOST_WEIGHTS
        and all(
            is_ready(workspace, replace(every, layer=layer)) for layer in range(stream.num_layers)
        )
    )


def _matrix(selection: Selection, workspace: Workspace) -> bool:
    terms = [term for matrix in matrices_on_screen(selection) for term in matrix.terms]
    return all(is_ready(workspace, term.scores) for term in terms)


def _trace(selection: Selection, workspace: Workspace) -> bool:
    nodes = nodes_of(workspace.trace, selection.stream)
    crossings = len(nodes.sublayers) * nodes.num_nodes**2
    method = METHODS[followed(selection.shown.scores).method]
    return method.quick_up_to > 0 and crossings <= MOST_CROSSINGS


_FITS = {"head": _head, "model": _model, "neuron": _neuron, "matrix": _matrix, "trace": _trace}


def _matrix_of_layer(selection: Selection, workspace: Workspace, theme: Theme) -> str:
    shown = selection.shown
    scores = shown.scores
    if not is_ready(workspace, scores):
        scores = replace(scores, method=DEFAULT)
    one = MatrixOf(replace(shown, scores=scores.in_one()))
    looks = Looks(selection.colormap, selection.scale, theme, as_pixels=True)
    drawing = draw_matrices(workspace, [one], looks, False)
    return document(drawing, caption_of(workspace.trace, "matrix view", one.shown), theme)
