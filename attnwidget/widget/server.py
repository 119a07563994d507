"""Answers to the front end's requests for frames."""

import logging
from collections.abc import Mapping
from typing import Any

from attnwidget.frames import Workspace, make_frame

logger = logging.getLogger(__name__)

Answer = tuple[dict[str, Any], list[bytes]]


def answer(workspace: Workspace | None, message: object) -> Answer | None:
    """Answer one message of the front end.

    Never raises: what goes wrong is answered, and logged with its traceback where it is not the
    request's fault. Several threads may call at once.

    Parameters
    ----------
    workspace
        What frames are made of; None once the widget is closed.
    message
        Anything that came from the front end.

    Returns
    -------
    tuple or None
        The answer and its buffers; None for what is no request.
    """
    if not isinstance(message, Mapping) or message.get("type") != "request":
        return None
    identity = message.get("id")
    try:
        if workspace is None:
            raise ValueError("This widget was closed; run the cell again to see it.")
        frame = make_frame(workspace, message.get("want"))
        return {"type": "reply", "id": identity}, [frame.to_bytes()]
    except (IndexError, ValueError) as error:
        return _failure(identity, error), []
    except Exception as error:
        logger.exception("A request of the front end failed: %r", message)
        return _failure(identity, error), []


def _failure(identity: object, error: Exception) -> dict[str, Any]:
    described = {"name": type(error).__name__, "message": str(error) or "no reason given"}
    return {"type": "failure", "id": identity, "error": described}
