"""A notebook with every view, used, saved and left."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import get_args

from attnwidget.views import ViewName

SETUP = """
import attnwidget as aw
from tests.browser.models import random_decoder
trace = random_decoder()
"""
VIEWS = get_args(ViewName)
CELLS = (SETUP, *(f"aw.AttentionWidget(trace, view={view!r})" for view in VIEWS))

SANITISED_AWAY = re.compile(
    r"<(script|style|iframe)\b.*?</\1>|\s(?:style|class|data-\w+)=\"[^\"]*\"", re.DOTALL
)


def without_state(path: Path, name: str) -> Path:
    """Copy a notebook as JupyterLab saves it by default: without the widgets' state."""
    notebook = json.loads(path.read_text())
    notebook["metadata"].pop("widgets", None)
    copy = path.with_name(name)
    copy.write_text(json.dumps(notebook))
    return copy


def saved_fragments(path: Path) -> list[str]:
    """Return the HTML of every output that has any."""
    found = []
    for cell in json.loads(path.read_text())["cells"]:
        for output in cell.get("outputs", ()):
            html = output.get("data", {}).get("text/html")
            if html is not None:
                found.append("".join(html))
    return found


def sanitised(html: str) -> str:
    """Return what is left of a fragment where neither scripts nor styles are let through."""
    return SANITISED_AWAY.sub("", html)
