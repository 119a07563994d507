"""The exported head view of all layers beside BertViz's HTML, both opened in one Chromium."""

from __future__ import annotations

import tempfile
import time
from dataclasses import dataclass, fields
from pathlib import Path
from statistics import median
from typing import Any

from playwright.sync_api import Browser, ViewportSize

import attnwidget as aw
from tests.browser.chromium import chromium

from . import bertviz_page, inputs
from .attnwidget_page import DRAWN, LAYER
from .page import change_layer, count_nodes, first_drawing, hover, renderer_memory
from .served import served

BERTVIZ = "BertViz"
LONGEST_OF_BERTVIZ = 128
"""Longest text for BertViz, in tokens; longer ones leave its page blank."""

PICTURES: dict[str, dict[str, Any]] = {
    "heads fused": {},
    "twelve heads": {"heads": list(range(12))},
    "every line": {"heads": list(range(12)), "coverage": 1.0},
}
LAYERS = (5, 0, 1, 2, 3, 4)
TOKENS = range(4, 20, 3)
VIEWPORT: ViewportSize = {"width": 1000, "height": 800}
TIMEOUT = 120.0
REST_MS = 300
DESCRIPTION = (
    "`w.to_html()` of MiniLM, its head view with all 6 layers of 12 heads, beside the HTML of "
    "BertViz's `head_view`. Each is a file on one static server; they are opened in turn in one "
    f"Chromium. Layer change: median over all layers, {REST_MS / 1000:.1f} s apart. Hover: from "
    "the pointer's arrival on a token to the second animation frame. Written: from attention in "
    "memory to the file on the disk."
)


@dataclass(frozen=True)
class Hooks:
    """Selectors of the elements that are measured in a tool's page.

    Attributes
    ----------
    changed
        An element that exists once a layer, `{layer}`, is drawn; None: layers are drawn at once.
    """

    drawn: str
    layer: str
    changed: str | None
    token: str


THEIRS = Hooks(bertviz_page.DRAWN, bertviz_page.LAYER, None, "#vis #left text")
OURS = Hooks(DRAWN, LAYER, f'{DRAWN}[data-layer="{{layer}}"]', '[data-side="query"][data-index]')


@dataclass
class FilePage:
    """One file. Seconds, bytes.

    Attributes
    ----------
    written
        From attention in memory to the file.
    first_drawing
        From navigation to the second animation frame after the picture was there.
    change, slowest
        From the control's event to the second animation frame after the new picture: the median
        and the slowest of all layers.
    hover
        From the pointer's arrival on a token to the second animation frame.
    memory
        Resident memory of the renderer after all that.
    """

    nbytes: float
    written: float
    first_drawing: float
    change: float
    slowest: float
    hover: float
    nodes: float
    memory: float


def measure(tokens: int, *, runs: int) -> dict[str, FilePage]:
    """Write the files of a text of this length and open each so often; medians, by tool."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        written = _write_all(tokens, folder)
        collected: dict[str, list[FilePage]] = {tool: [] for tool in written}
        with served(folder) as address, chromium() as browser:
            browser.new_page().goto("about:blank")  # so that nobody pays for starting up
            for _ in range(runs):
                for place, (tool, seconds) in enumerate(written.items()):
                    size = _file(folder, place).stat().st_size
                    url = f"{address}{_file(folder, place).name}"
                    collected[tool].append(_open(browser, tool, url, size, seconds))
    return {tool: _median(pages) for tool, pages in collected.items()}


def _write_all(tokens: int, folder: Path) -> dict[str, float]:
    """Write every tool's file and return the seconds each took."""
    written = {}
    if tokens <= LONGEST_OF_BERTVIZ:
        written[BERTVIZ] = bertviz_page.build(tokens, _file(folder, 0))
    trace = inputs.trace(tokens)
    for picture, selection in PICTURES.items():
        widget = aw.AttentionWidget(trace, **selection)
        start = time.perf_counter()
        widget.to_html(_file(folder, len(written)))
        written[f"attnwidget, {picture}"] = time.perf_counter() - start
        widget.close()
    return written


def _file(folder: Path, place: int) -> Path:
    return folder / f"{place}.html"


def _open(browser: Browser, tool: str, url: str, nbytes: int, written: float) -> FilePage:
    context = browser.new_context(viewport=VIEWPORT)
    page = context.new_page()
    page.set_default_timeout(1000 * TIMEOUT)
    hooks = OURS
    if tool == BERTVIZ:
        hooks = THEIRS
        bertviz_page.stand_in(page)
    drawn = first_drawing(page, url, hooks.drawn, TIMEOUT)
    changes = []
    for layer in LAYERS:
        page.wait_for_timeout(REST_MS)
        done = hooks.changed and hooks.changed.format(layer=layer)
        changes.append(change_layer(page, hooks.layer, layer, done))
    hovers = [hover(page.locator(hooks.token).nth(index)) for index in TOKENS]
    measured = FilePage(
        *(nbytes, written, drawn, median(changes), max(changes), median(hovers)),
        *(count_nodes(page), renderer_memory(browser)),
    )
    context.close()
    return measured


def _median(pages: list[FilePage]) -> FilePage:
    names = [field.name for field in fields(FilePage)]
    return FilePage(*(median(getattr(page, name) for page in pages) for name in names))
