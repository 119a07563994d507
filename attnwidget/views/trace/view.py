"""The row of the trace view."""

from collections.abc import Iterator
from dataclasses import replace

from attnwidget.frames import VisibleRows, Workspace
from attnwidget.frames.files.parts import BYTES_OF_PATHS
from attnwidget.frames.paths import PathsWant
from attnwidget.methods.needs import LAYERS_IN_SEQUENCE
from attnwidget.methods.nodes import nodes_of
from attnwidget.methods.registry import METHODS, followed
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.picture import caption_of, scores_in_words
from attnwidget.trace import Stream, Trace
from attnwidget.views.contents import Contents
from attnwidget.views.state import State
from attnwidget.views.trace.parts import trace_parts
from attnwidget.views.trace.picture import draw_trace
from attnwidget.views.view import Drawn, DrawRequest, Request, View

MOST_CROSSINGS = 50_000
"""Most connections of all layers in a small picture."""

MOST_NODES = 256
"""Most nodes of a level for which paths are found quickly."""


def _refusal(trace: Trace, stream: Stream) -> str | None:
    return LAYERS_IN_SEQUENCE.refusal("The trace view", trace, stream)


def _draw(request: DrawRequest) -> Drawn:
    state, workspace = request.state, request.workspace
    top = request.stream.num_layers - 1
    scores = replace(followed(workspace.trace, state.scores), layer=top, heads=None)
    # Paths are made of steps, which the receptive field does not change.
    scores = replace(scores, receptive_field=False)
    want = _want(state, scores)
    drawing = draw_trace(
        workspace, want, state.coverage, request.theme, request.progress, request.room
    )
    of = scores_in_words(workspace.trace, scores, layers="all layers")
    return caption_of(workspace.trace, "trace view", VisibleRows(scores), of), drawing


def _fits_small_picture(workspace: Workspace, state: State) -> bool:
    nodes = nodes_of(workspace.trace, state.stream)
    crossings = len(nodes.sublayers) * nodes.num_nodes**2
    method = METHODS[followed(workspace.trace, state.scores, at_hand=True).method]
    return method.quick_up_to > 0 and crossings <= MOST_CROSSINGS


def _requests(workspace: Workspace, contents: Contents) -> Iterator[Request]:
    state = contents.state
    nodes = nodes_of(workspace.trace, state.stream)
    if nodes.num_nodes > MOST_NODES:
        return
    scores = followed(workspace.trace, state.scores, at_hand=True)
    yield _want(state, scores, nodes.num_outputs - 1).to_json(), BYTES_OF_PATHS


def _want(state: State, scores: ScoresOf, last: int | None = None) -> PathsWant:
    """Return the request for the paths to the chosen node, or to the last output."""
    node, via = state.trace_node, state.trace_via
    return PathsWant(
        scores,
        level=None if node is None else node["level"],
        index=last if node is None else node["index"],
        via=None if via is None else (via["level"], via["index"]),
    )


TRACE = View(
    name="trace",
    draw=_draw,
    fits_small_picture=_fits_small_picture,
    refusal=_refusal,
    lack="The layers of this stream do not follow one another",
    parts=trace_parts,
    requests=_requests,
    every_layer=True,
    follows_paths=True,
    shows_differences=False,
)
