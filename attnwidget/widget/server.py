"""Answers to the front end's requests for frames."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from attnwidget.frames import Workspace, is_quick, make_frame
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
    """

    def __init__(
        self,
        workspace: Workspace,
        send: Callable[[dict[str, Any], list[bytes]], object],
        draw: Callable[[str, Progress], str],
    ) -> None:
        self._workspace: Workspace | None = workspace
        self._send = send
        self._draw = draw
        self._jobs = Jobs(send)

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
        want = message.get("want")
        is_picture = isinstance(want, Mapping) and want.get("kind") == "picture"
        theme = want.get("theme", "light") if isinstance(want, Mapping) else "light"

        def compute(report: Progress) -> Answer:
            if workspace is not None and is_picture:
                return _answer(identity, want, lambda: self._draw(theme, report).encode())
            return _answer(identity, want, lambda: _frame(workspace, want, report))

        if workspace is None or (not is_picture and is_quick(workspace, want)):
            self._send(*compute(False))
            return

        self._jobs.start(identity, _what(want), compute)

    def close(self) -> None:
        """Stop running jobs and free the trace."""
        self._workspace = None
        self._jobs.close()


def _frame(workspace: Workspace | None, want: object, progress: Progress) -> bytes:
    if workspace is None:
        raise ValueError("This widget was closed; run the cell again to see it.")
    return make_frame(workspace, want, progress).to_bytes()


def _answer(identity: object, want: object, make: Callable[[], bytes]) -> Answer:
    try:
        return {"type": "reply", "id": identity}, [make()]
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
