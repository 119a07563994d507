"""Notebooks of the tests, each a list of cells; marimo finds out itself what a cell reads."""

from __future__ import annotations

import textwrap

IMPORTS = """
import marimo as mo
import attnwidget as aw
from tests.browser.models import random_decoder, random_trace
"""
READ = """
runs.append((w.layer, w.heads, w.value["tokens_selected"]))
mo.md(f"read {runs[-1]} run {len(runs)}")
"""
SLOW = """
import time
from dataclasses import replace
from attnwidget.methods.registry import METHODS

def stand_still(trace, scores, progress):
    while True:
        progress(3, 12)
        time.sleep(0.02)

METHODS["max_flow"] = replace(METHODS["max_flow"], matrix=stand_still)
"""
WRAPPED = "w = mo.ui.anywidget(aw.AttentionWidget(random_trace(12)))\nw"
PAGE = "page = aw.AttentionWidget(random_trace(12), layer=2).to_html()"

NOTEBOOKS: dict[str, list[str]] = {
    "reactive": [IMPORTS, WRAPPED, "runs = []", READ],
    "assigned": [
        IMPORTS,
        WRAPPED,
        "button = mo.ui.run_button(label='assign')\nbutton",
        "if button.value:\n    w.heads, w.layer = [0, 2], -1",
    ],
    "twice": [IMPORTS, WRAPPED, "mo.hstack([w, w], widths='equal')"],
    "bare": [
        IMPORTS,
        "w = aw.AttentionWidget(random_trace(12))\nw",
        "button = mo.ui.button(label='look', value=0, on_click=lambda n: n + 1)\nbutton",
        "mo.md(f'look {button.value}: layer {w.layer}')",
    ],
    "views": [IMPORTS, "mo.ui.anywidget(aw.AttentionWidget(random_decoder()))"],
    "slow": [IMPORTS, SLOW, WRAPPED],
    "exported": [IMPORTS, PAGE, "mo.iframe(page, height='900px')"],
}
"""By name."""

DARK = """
# /// script
# [tool.marimo.display]
# theme = "dark"
# ///
"""


def source(cells: list[str], *, dark: bool = False) -> str:
    """Return a notebook as marimo stores it."""
    functions = [
        f"@app.cell\ndef _():\n{textwrap.indent(cell.strip(), '    ')}\n" for cell in cells
    ]
    head = f"{DARK if dark else ''}\nimport marimo\n\napp = marimo.App()\n"
    return "\n\n".join([head.lstrip(), *functions])
