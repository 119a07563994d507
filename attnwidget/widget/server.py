"""Answers to the front end's requests for frames."""

import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from attnwidget.frames import Workspace, is_quick, make_frame
from attnwidget.methods.edits import Edit, read_edits
from attnwidget.methods.progress import Progress
from attnwidget.methods.registry import METHODS
from attnwidget.widget.jobs import Answer, CancelledError, Jobs

logger = logging.getLogger(__name__)


class Server:
    """Answers quick requests at once and slow requests on other threads.

    It never raises: errors are sent as answers, and logged with a traceback unless the request is
    at fault. Several threads may call at once.

    Parameters
    ----------
    workspace
        The trace and its cached results.
    send
        Sends a message and its buffers to the front end, from any thread.
    draw
        Draws the current view as SVG, on paper of a theme, and reports its progress.
    prepare_edits
        Makes the run of some edits, and returns them with every field.
    """

    def __init__(
        self,
        workspace: Workspace,
        send: Callable[[dict[str, Any], list[bytes]], object],
        draw: Callable[[str, Progress], str],
        prepare_edits: Callable[[list[Edit], Progress], list[Edit]],
    ) -> None:
        self._workspace: Workspace | None = workspace
        self._send = send
        self._draw = draw
        self._prepare_edits = prepare_edits
        self._edition = 0
        self._jobs = Jobs(send)

    def show(self, workspace: Workspace, edition: int) -> None:
        """Answer from another workspace, whose answers have the number of its edition."""
        self._workspace, self._edition = workspace, edition

    def receive(self, message: object) -> None:
        """Take any message of the front end, and answer requests and cancellations."""
        if not isinstance(message, Mapping):
            return
        identity, workspace = message.get("id"), self._workspace
        if message.get("type") == "cancel":
            for _ in self._jobs.cancel(identity):
                self._send(_failure(identity, "Cancelled", "This was cancelled."), [])
        if message.get("type") != "request":
            return
        want, edition = message.get("want"), self._edition
        own = self._own_answers(want)

        def compute(report: Progress) -> Answer:
            if workspace is not None and own is not None:
                return _answer(identity, want, edition, lambda: own(report))
            return _answer(identity, want, edition, lambda: _frame(workspace, want, report))

        if workspace is None or (own is None and is_quick(workspace, want)):
            self._send(*compute(False))
            return

        self._jobs.start(identity, _what(want), compute)

    def _own_answers(self, want: object) -> Callable[[Progress], bytes] | None:
        """Return what answers requests for something else than frames."""
        fields = want if isinstance(want, Mapping) else {}
        if fields.get("kind") == "picture":
            theme = fields.get("theme", "light")
            return lambda report: self._draw(theme, report).encode()
        if fields.get("kind") == "edits":
            given = fields.get("edits")
            return lambda report: _json(self._prepare_edits(read_edits(given), report))
        return None

    def close(self) -> None:
        """Stop running jobs and free the trace."""
        self._workspace = None
        self._jobs.close()


def _frame(workspace: Workspace | None, want: object, progress: Progress) -> bytes:
    if workspace is None:
        raise ValueError("This widget was closed; run the cell again to see it.")
    return make_frame(workspace, want, progress).to_bytes()


def _json(edits: list[Edit]) -> bytes:
    return json.dumps(edits).encode()


def _answer(identity: object, want: object, edition: int, make: Callable[[], bytes]) -> Answer:
    of = {"edition": edition} if edition else {}
    try:
        return {"type": "reply", "id": identity, **of}, [make()]
    except CancelledError:
        raise
    except Exception as error:
        if not isinstance(error, IndexError | ValueError):
            logger.exception("A request of the front end failed: %r", want)
        return _failure(identity, type(error).__name__, str(error)), []


def _failure(identity: object, name: str, message: str) -> dict[str, Any]:
    error = {"name": name, "message": message or "no reason given"}
    return {"type": "failure", "id": identity, "error": error}


def _what(want: object) -> str:
    """Return a word for the computation of a request."""
    fields = want if isinstance(want, Mapping) else {}
    method = METHODS.get(fields.get("method", ""))
    return str(fields.get("kind")).replace("_", " ") if method is None else method.title
