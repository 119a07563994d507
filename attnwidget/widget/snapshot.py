"""The trait that carries the first picture."""

from threading import Lock
from typing import Any

from traitlets import TraitType

from attnwidget.frames import RowsWant, Workspace, is_ready, rows_frame
from attnwidget.frames.rows import asks_in_full
from attnwidget.widget.selection import Selection

LARGEST = 1_000_000
"""Bytes of a snapshot, at most: it is saved in the notebook. Larger frames are asked for."""


class SnapshotMaker:
    """Makes the frame of the rows that a selection shows, and keeps the last one."""

    def __init__(self, workspace: Workspace) -> None:
        self._workspace = workspace
        self._lock = Lock()
        self._want: RowsWant | None = None
        self._frame: bytes | None = None

    def frame(self, selection: Selection) -> bytes | None:
        """Return the frame's bytes; None where it would be too large or take long to make."""
        shown = selection.shown
        heads, queries, keys = shown.num_rows(selection.trace)
        want = RowsWant(shown, asks_in_full(selection.coverage, heads * queries, keys))
        with self._lock:
            if want != self._want:
                if not is_ready(self._workspace, want.shown.scores):
                    return None
                small = want.nbytes(selection.trace) <= LARGEST
                self._frame = rows_frame(self._workspace, want).to_bytes() if small else None
                self._want = want
            return self._frame


class Snapshot(TraitType["bytes | None", Any]):
    """Always the frame of the current selection: reading it makes it.

    It follows from the other traits, so it cannot be set, and what a browser sends is dropped.
    """

    def __init__(self) -> None:
        super().__init__(None, allow_none=True, read_only=True)

    def get(self, obj: Any, cls: Any = None) -> bytes | None:
        """Return the frame's bytes; None where the browser has to ask for it."""
        return obj.make_snapshot()  # type: ignore[no-any-return]  # owners are untyped in traitlets

    def set(self, obj: Any, value: Any) -> None:
        """Leave everything as it is."""
