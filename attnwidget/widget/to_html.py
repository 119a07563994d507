"""The widget as one file."""

import os
from typing import Any

from attnwidget.export import check_path, export_html, read_contents, write_file
from attnwidget.frames import Workspace
from attnwidget.widget.selection import VIEWS, Selection

MOST_IN_TITLE = 60


def to_html(
    selection: Selection,
    workspace: Workspace,
    importance: object,
    path: str | os.PathLike[str] | None,
    title: str | None,
    chosen: dict[str, Any],
) -> str:
    """Return the page of a selection or, with `path`, write it and return where it is."""
    if title is not None and not isinstance(title, str):
        raise ValueError(f"title must be a text or None, but {title!r} was given.")
    target = None if path is None else check_path(path)
    contents = read_contents(workspace, state_of(selection), VIEWS, **chosen)
    shown = title or _title(selection)
    page = export_html(workspace, contents, importance, title or "", shown)
    if target is None:
        return page
    write_file(target, page)
    return str(target)


def state_of(selection: Selection) -> dict[str, Any]:
    """Return the selection as the traits have it."""
    return {name: getattr(selection, name) for name in Selection.class_trait_names(sync=True)}


def _title(selection: Selection) -> str:
    text = " ".join(selection.current_stream.query_tokens)
    short = text if len(text) <= MOST_IN_TITLE else text[: MOST_IN_TITLE - 1] + "…"
    return f"{short} · {selection.trace.model_name or 'attention'}"
