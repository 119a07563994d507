"""attnwidget's head view in the same Chromium, served by real Python over the test bridge."""

from __future__ import annotations

from dataclasses import dataclass, field
from statistics import median
from typing import Any

from playwright.sync_api import Page

import attnwidget as aw
from attnwidget.trace import Trace
from tests.browser.bridge import Bridge
from tests.browser.chromium import chromium
from tests.browser.kernel import Kernel

from . import inputs
from .page import Measured, change_layer, count_nodes, first_drawing, renderer_memory

LAYER = '.attnwidget [name="layer"]'
DRAWN = '.attnwidget[data-state="ready"]'
TIMEOUT = 60.0
# What is asked of the widget: its own first picture, and BertViz's (every line of every head).
PICTURES: dict[str, dict[str, Any]] = {
    "as it opens": {},
    "every line": {"heads": list(range(12)), "coverage": 1.0},
}


@dataclass
class _Runs:
    first_bytes: list[int] = field(default_factory=list)
    all_bytes: list[int] = field(default_factory=list)
    first_drawing: list[float] = field(default_factory=list)
    cold: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    nodes: list[int] = field(default_factory=list)
    memory: list[int] = field(default_factory=list)


def measure(tokens: int, picture: str, *, runs: int) -> Measured:
    """Measure the head view of MiniLM drawing one of `PICTURES`."""
    trace = inputs.trace(tokens)
    collected = _Runs()
    for _ in range(runs):
        _measure_once(trace, picture, collected)
    return Measured(**{name: median(values) for name, values in vars(collected).items() if values})


def _measure_once(trace: Trace, picture: str, runs: _Runs) -> None:
    widget = aw.AttentionWidget(trace, **PICTURES[picture])
    with Bridge([widget]) as bridge, chromium() as browser:
        page = browser.new_page(viewport={"width": 1000, "height": 800})
        runs.first_drawing.append(first_drawing(page, bridge.url(), DRAWN, TIMEOUT))
        runs.first_bytes.append(bridge.kernel.sent_bytes)
        _change_layers(page, bridge.kernel, trace.num_layers, runs)
        runs.all_bytes.append(bridge.kernel.sent_bytes)
        runs.nodes.append(count_nodes(page))
        runs.memory.append(renderer_memory(browser))


def _change_layers(page: Page, kernel: Kernel, layers: int, runs: _Runs) -> None:
    """Visit every layer, the farthest first, and tell those at hand from those asked for."""
    for layer in [layers - 1, *range(layers - 1)]:
        asked = len(_layers(kernel))
        at_hand = layer in _layers(kernel) or layer == 0
        elapsed = change_layer(page, LAYER, layer, _drawn(layer))
        (runs.warm if at_hand else runs.cold).append(elapsed)
        if not at_hand:
            assert layer in _layers(kernel)[asked:]
        page.wait_for_timeout(300)  # lets the prefetching of neighbours finish


def _layers(kernel: Kernel) -> list[int]:
    return [want["layer"] for want in kernel.requests("rows")]


def _drawn(layer: int) -> str:
    return f'{DRAWN}[data-layer="{layer}"]'
