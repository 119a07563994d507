"""The description that a file holds beside its frames."""

import json
from collections.abc import Mapping
from typing import Any

from attnwidget.frames import Workspace
from attnwidget.views import Contents, Held, about
from attnwidget.views.head_effects import held_ways

VERSION = 1


def page_block(
    workspace: Workspace,
    contents: Contents,
    importance: object,
    title: str,
    rest: int | None = None,
) -> bytes:
    """Return the description that stands before a file's first frames, as JSON.

    Parameters
    ----------
    workspace, contents
        The trace with its cached results, and the contents of the file.
    importance
        The value of the trait ``head_importance``.
    title
        The heading above the picture; may be empty.
    rest
        The checksum of the frames behind the first ones; None if there are none.
    """
    described = about(
        workspace.trace,
        at_hand=contents.is_brief,
        differences=contents.state.is_difference,
    )
    for stream in described["streams"]:
        held = contents.streams.get(stream["name"])
        stream["held"] = None if held is None else _held(held)
        # The page offers only the methods in the file.
        stream["methods"] = [] if held is None else _methods(held)
        ways = held_ways(workspace, contents.state, stream["name"], is_brief=contents.is_brief)
        stream["head_effects"] = [] if held is None else list(ways)
    page = {
        "version": VERSION,
        "title": title,
        "about": described | _of_file(workspace, contents),
        "selection": contents.state.to_json(),
        "importance": importance,
        "rest": rest,
    }
    return json.dumps(page, allow_nan=False, separators=(",", ":")).encode()


def _of_file(workspace: Workspace, contents: Contents) -> dict[str, Any]:
    """Return what a description says of a file: it has no model, and one run."""
    edits = {"edits": list(workspace.edits)} if workspace.edits else {}
    return {"views": list(contents.views), "edit": None, **edits}


def _methods(held: Held) -> list[str]:
    return list(dict.fromkeys(scores.method for scores in held.scores))


def _held(held: Held) -> Mapping[str, Any]:
    settings = [
        {
            name: value
            for name, value in scores.to_json().items()
            if name not in ("stream", "layer", "heads")
        }
        for scores in held.scores
    ]
    return {"layers": list(held.layers), "heads": list(held.heads), "methods": settings}
