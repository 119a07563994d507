"""Answers to the front end's requests for frames."""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from attnwidget.frames import METHODS, Progress, Workspace, is_quick, make_frame
from attnwidget.widget.jobs import Answer, CancelledError, Jobs

logger = logging.getLogger(__name__)


class Server:
    """Answers what is quickly done at once, everything else from threads that do not hold it up.

    It never raises: what goes wrong is answered, and logged with its traceback where it is not the
    request's fault. Several threads may call at once.

    Parameters
    ----------
    workspace
        What frames are made of.
    send
        Sends a message and its buffers to the front end, from any thread.
    """

    def __init__(
        self, workspace: Workspace, send: Callable[[dict[str, Any], list[bytes]], object]
    ) -> None:
        self._workspace: Workspace | None = workspace
        self._send = send
        self._jobs = Jobs(send)

    def receive(self, message: object) -> None:
        """Take anything that came from the front end, and answer requests and cancellations."""
        if not isinstance(message, Mapping):
            return
        identity, workspace = message.get("id"), self._workspace
        if message.get("type") == "cancel":
            for _ in self._jobs.cancel(identity):
                self._send(_failure(identity, "Cancelled", "This was cancelled."), [])
        if message.get("type") != "request":
            return
        want = message.get("want")
        if workspace is None or is_quick(workspace, want):
            self._send(*_answer(workspace, identity, want, progress=False))
            return

        def compute(report: Callable[[int, int], None]) -> Answer:
            return _answer(workspace, identity, want, report)

        self._jobs.start(identity, _what(want), compute)

    def close(self) -> None:
        """Stop what is under way and free the trace."""
        self._workspace = None
        self._jobs.close()


def _answer(
    workspace: Workspace | None, identity: object, want: object, progress: Progress
) -> Answer:
    try:
        if workspace is None:
            raise ValueError("This widget was closed; run the cell again to see it.")
        frame = make_frame(workspace, want, progress)
        return {"type": "reply", "id": identity}, [frame.to_bytes()]
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
    """Return what a request computes, in a word."""
    fields = want if isinstance(want, Mapping) else {}
    method = METHODS.get(fields.get("method", ""))
    return str(fields.get("kind")) if method is None else method.title
