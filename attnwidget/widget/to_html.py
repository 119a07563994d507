"""Export of the widget as one HTML file."""

import os
from typing import Any

from attnwidget.export import check_path, export_html, read_contents, write_file
from attnwidget.frames import Workspace
from attnwidget.trace import Trace
from attnwidget.views import State

MOST_IN_TITLE = 60


def to_html(
    state: State,
    workspace: Workspace,
    importance: object,
    path: str | os.PathLike[str] | None,
    title: str | None,
    chosen: dict[str, Any],
) -> str:
    """Return the page or, with `path`, write it and return the path."""
    if title is not None and not isinstance(title, str):
        raise ValueError(f"title must be a text or None, but {title!r} was given.")
    target = None if path is None else check_path(path)
    contents = read_contents(workspace, state, **chosen)
    shown = title or _title(workspace.trace, state)
    page = export_html(workspace, contents, importance, title or "", shown)
    if target is None:
        return page
    write_file(target, page)
    return str(target)


def _title(trace: Trace, state: State) -> str:
    text = " ".join(trace[state.stream].query_tokens)
    short = text if len(text) <= MOST_IN_TITLE else text[: MOST_IN_TITLE - 1] + "…"
    return f"{short} · {trace.model_name or 'attention'}"
