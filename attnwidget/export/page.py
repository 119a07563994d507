"""What a file says of itself beside its frames."""

from collections.abc import Mapping
from typing import Any

from attnwidget.export.contents import Contents, Held
from attnwidget.frames import Workspace, about

VERSION = 1


def page_of(
    workspace: Workspace, contents: Contents, importance: object, title: str
) -> dict[str, Any]:
    """Return the description that a file's frames follow, ready for JSON."""
    described = about(workspace.trace)
    for stream in described["streams"]:
        held = contents.streams.get(stream["name"])
        stream["held"] = None if held is None else _held(held)
        # What is not held cannot be chosen.
        stream["methods"] = [] if held is None else _methods(held)
    return {
        "version": VERSION,
        "title": title,
        "about": described | {"views": list(contents.views)},
        "selection": dict(contents.state),
        "importance": importance,
    }


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
