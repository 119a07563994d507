"""The row of the model view."""

from collections.abc import Iterator
from dataclasses import replace

from attnwidget.frames import Workspace, is_ready
from attnwidget.frames.files.parts import Part, figures_part
from attnwidget.frames.predictions import predictions_wants
from attnwidget.frames.thumbnails import SIZE, ThumbnailsWant
from attnwidget.methods.registry import METHODS
from attnwidget.picture import caption_of, scores_in_words
from attnwidget.trace import Stream
from attnwidget.views.contents import Contents
from attnwidget.views.head_effects import effect_wants, held_ways
from attnwidget.views.model.coloring import coloring_of
from attnwidget.views.model.picture import draw_model
from attnwidget.views.state import State
from attnwidget.views.view import Drawn, DrawRequest, Request, View

MOST_THUMBNAILS = 400
"""Most thumbnails of a small picture."""

MOST_WEIGHTS = 5_000_000
"""Most weights of all layers and heads that are pooled to thumbnails quickly."""

BYTES_PER_CELL = 1.1


def _draw(request: DrawRequest) -> Drawn:
    state, workspace = request.state, request.workspace
    every = replace(state.scores, heads=None)
    shown = replace(state.shown, scores=every, pair_filter="all")
    style = "pixels" if request.is_small else state.thumbnails
    drawing = draw_model(
        workspace, shown, style, coloring_of(request), request.theme, request.progress
    )
    heads = "every head" if METHODS[every.method].per_head else None
    of = scores_in_words(workspace.trace, every, layers="every layer", heads=heads)
    return caption_of(workspace.trace, "model view", shown, of), drawing


def _fits_small_picture(workspace: Workspace, state: State) -> bool:
    stream = workspace.trace[state.stream]
    every = replace(state.scores, heads=None)
    return (
        stream.num_layers * stream.num_heads <= MOST_THUMBNAILS
        and _num_weights(stream) <= MOST_WEIGHTS
        and all(
            is_ready(workspace, replace(every, layer=layer)) for layer in range(stream.num_layers)
        )
    )


def _requests(workspace: Workspace, contents: Contents) -> Iterator[Request]:
    state = contents.state
    stream = workspace.trace[state.stream]
    if _num_weights(stream) > MOST_WEIGHTS:
        return
    heads = stream.num_heads if METHODS[state.method].per_head else 1
    for layer in range(stream.num_layers):
        shown = replace(state.shown, scores=replace(state.scores, layer=layer))
        yield ThumbnailsWant(shown).to_json(), BYTES_PER_CELL * heads * SIZE**2
        yield {"kind": "summary", "stream": stream.name, "layer": layer}, 10.0 * heads
    for part in _parts(workspace, contents, stream.name):
        yield part.want, part.nbytes


def _parts(workspace: Workspace, contents: Contents, name: str) -> Iterator[Part]:
    state, stream = contents.state, workspace.trace[name]
    ways = held_ways(workspace, state, name, is_brief=contents.is_brief)
    for way in ways:
        for want in effect_wants(state, stream, way):
            yield figures_part(workspace, want.to_json())
    if ways and not contents.is_brief:  # the words for the target
        for predicted in predictions_wants(workspace.trace, state.scores.target):
            yield figures_part(workspace, predicted.to_json())


def _num_weights(stream: Stream) -> int:
    return stream.num_layers * stream.num_heads * len(stream.queries) * len(stream.keys)


MODEL = View(
    name="model",
    draw=_draw,
    fits_small_picture=_fits_small_picture,
    parts=_parts,
    requests=_requests,
    drawn_from_scores=True,
    every_layer=True,
    every_head=True,
)
