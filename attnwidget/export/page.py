"""The description that a file holds beside its frames."""

import json
from collections.abc import Mapping
from typing import Any

from attnwidget.frames import Workspace
from attnwidget.views import Contents, Held, about

VERSION = 1


def page_block(
    workspace: Workspace,
    contents: Contents,
    importance: object,
    title: str,
    rest: int | None = None,
) -> bytes:
    """Return the description that a file's first frames follow, as JSON.

    Parameters
    ----------
    workspace, contents
        What is described.
    importance
        How much heads matter, as the trait has it.
    title
        What stands above the picture; may be empty.
    rest
        The checksum of the frames that are apart from the first; None: there are none.
    """
    described = about(workspace.trace)
    for stream in described["streams"]:
        held = contents.streams.get(stream["name"])
        stream["held"] = None if held is None else _held(held)
        # What is not held cannot be chosen.
        stream["methods"] = [] if held is None else _methods(held)
    page = {
        "version": VERSION,
        "title": title,
        "about": described | {"views": list(contents.views)},
        "selection": contents.state.to_json(),
        "importance": importance,
        "rest": rest,
    }
    return json.dumps(page, allow_nan=False, separators=(",", ":")).encode()


def _methods(held: Held) -> list[str]:
    return list(dict.fromkeys(scores.method for scores in held.scores))


def _held(held: Held) -> Mapping[str, Any]:
    settings = [
        {
            name: value
            for name, value in scores.to_json().items()
            if name in ("method", "fusion", "discard_ratio", "target")
        }
        for scores in held.scores
    ]
    return {"layers": list(held.layers), "heads": list(held.heads), "methods": settings}
