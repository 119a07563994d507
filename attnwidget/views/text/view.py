"""The row of the text view."""

from collections.abc import Iterator

from attnwidget.frames import Workspace
from attnwidget.frames.token import token_frame
from attnwidget.picture import caption_of, scores_in_words
from attnwidget.views.contents import Contents
from attnwidget.views.layer_parts import layer_parts
from attnwidget.views.state import State
from attnwidget.views.text.chosen import chosen_token, token_want
from attnwidget.views.text.picture import draw_text
from attnwidget.views.view import Drawn, DrawRequest, Request, View

BYTES_PER_VALUE = 5.5
"""Approximate bytes of one float32 in a file."""

ROOM_OF_SMALL = 1200.0
"""Height of a small picture in pixels: some forty lines around the token."""


def _draw(request: DrawRequest) -> Drawn:
    state, workspace, stream = request.state, request.workspace, request.stream
    want = token_want(stream, state)
    frame = token_frame(workspace, want, request.progress)
    chosen = chosen_token(stream, state)
    room = ROOM_OF_SMALL if request.is_small else request.room
    drawing = draw_text(stream, frame, want, chosen, state.scale, request.theme, room)
    of = scores_in_words(workspace.trace, want.shown.scores)
    return caption_of(workspace.trace, "text view", state.shown, of), drawing


def _fits_small_picture(workspace: Workspace, state: State) -> bool:
    return token_want(workspace.trace[state.stream], state).is_quick(workspace)


def _requests(workspace: Workspace, contents: Contents) -> Iterator[Request]:
    want = token_want(workspace.trace[contents.state.stream], contents.state)
    yield want.to_json(), BYTES_PER_VALUE * want.num_values(workspace.trace)


TEXT = View(
    name="text",
    draw=_draw,
    fits_small_picture=_fits_small_picture,
    opening_parts=layer_parts,
    requests=_requests,
    first_want=lambda trace, state: token_want(trace[state.stream], state),
    opens_long_texts=True,
    drawn_from_scores=True,
)
