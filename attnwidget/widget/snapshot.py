"""The snapshot: the trait that holds the frame of the current selection."""

from threading import Lock
from typing import Any

from traitlets import TraitType

from attnwidget.frames import Workspace, is_ready, make_frame
from attnwidget.views import VIEWS
from attnwidget.views.on_screen import FirstWant
from attnwidget.widget.selection import Selection

LARGEST = 1_000_000
"""Most bytes of a snapshot, which is saved in the notebook; the browser requests larger frames."""


class SnapshotMaker:
    """Makes the frame of the first drawing of a selection, and caches the last one."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._last: tuple[Workspace, FirstWant] | None = None
        self._frame: bytes | None = None

    def frame(self, selection: Selection) -> bytes | None:
        """Return the frame's bytes; None if it would be too large or take long to make."""
        if selection.state.run != "before":
            return None
        workspace = selection.workspace
        want = VIEWS[selection.view].first_want(workspace.trace, selection.state)
        with self._lock:
            if (workspace, want) != self._last:
                if not is_ready(workspace, want.shown.scores):
                    return None
                small = want.nbytes(workspace.trace) <= LARGEST
                made = make_frame(workspace, want.to_json()).to_bytes() if small else None
                self._last, self._frame = (workspace, want), made
            return self._frame


class Snapshot(TraitType["bytes | None", Any]):
    """The frame of the current selection, made when it is read.

    It follows from the other traits, so it cannot be set, and a browser's value is dropped.
    """

    def __init__(self) -> None:
        super().__init__(None, allow_none=True, read_only=True)

    def get(self, obj: Any, cls: Any = None) -> bytes | None:
        """Return the frame's bytes; None if the browser must request it."""
        return obj.make_snapshot()  # type: ignore[no-any-return]  # owners are untyped in traitlets

    def set(self, obj: Any, value: Any) -> None:
        """Ignore the value."""
