"""The row of the head view."""

from collections.abc import Iterator

from attnwidget.frames import RowsWant, Workspace, is_ready
from attnwidget.picture import caption_of
from attnwidget.views.contents import Contents
from attnwidget.views.head.picture import draw_head
from attnwidget.views.layer_parts import layer_parts
from attnwidget.views.on_screen import is_short
from attnwidget.views.state import State
from attnwidget.views.view import Drawn, DrawRequest, Request, View

MOST_LINES_OF_SMALL = 600
"""Most lines of a small picture."""

BYTES_PER_LISTED = 4.5
"""Bytes of one listed key of a row: its place and its weight."""


def _draw(request: DrawRequest) -> Drawn:
    state, workspace = request.state, request.workspace
    drawing = draw_head(
        workspace,
        state.shown,
        state.coverage,
        state.tokens_selected,
        request.theme,
        request.progress,
        MOST_LINES_OF_SMALL if request.is_small else None,
        request.room,
    )
    return caption_of(workspace.trace, "head view", state.shown), drawing


def _fits_small_picture(workspace: Workspace, state: State) -> bool:
    return is_short(workspace, state) and is_ready(workspace, state.scores)


def _requests(workspace: Workspace, contents: Contents) -> Iterator[Request]:
    state = contents.state
    want = RowsWant.on_screen(state.shown, state.coverage, workspace.trace)
    heads, queries, keys = state.shown.num_rows(workspace.trace)
    yield want.to_json(), BYTES_PER_LISTED * heads * queries * want.num_listed(keys)


HEAD = View(
    name="head",
    draw=_draw,
    fits_small_picture=_fits_small_picture,
    opening_parts=layer_parts,
    requests=_requests,
    drawn_from_scores=True,
)
