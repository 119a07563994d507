"""Contents of the view on the screen alone, for inputs whose scores take too many bytes."""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from attnwidget.frames import Frame, Workspace, make_frame
from attnwidget.frames.files.parts import Part
from attnwidget.methods.progress import Progress
from attnwidget.views import VIEWS, Contents, Held


def frames_on_screen(workspace: Workspace, contents: Contents) -> tuple[Contents, list[Part]]:
    """Return these contents with the view on the screen alone, and the frames that it requests.

    There are no frames for views whose requests take as many bytes as the scores.
    """
    state, held = contents.state, contents.on_screen
    view = VIEWS[state.view]
    parts = [
        Part(want, partial(_frame, workspace, want), nbytes)
        for want, nbytes in view.requests(workspace, contents)
    ]
    own = (held.by(state.method),)
    only = Held(held.layers, held.heads, own)
    if not view.every_layer:
        only = Held((state.layer,), tuple(state.heads or ()), own)
    return replace(contents, views=(view.name,), streams={state.stream: only}), parts


def _frame(workspace: Workspace, want: Mapping[str, Any], progress: Progress) -> Frame:
    return make_frame(workspace, want, progress)
