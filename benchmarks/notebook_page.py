"""The same layer change in JupyterLab, with a real kernel behind its server."""

from __future__ import annotations

import tempfile
from pathlib import Path
from statistics import median

from tests.browser.chromium import chromium
from tests.jupyter.notebook import Notebook
from tests.jupyter.server import jupyter_server

from .attnwidget_page import DRAWN, LAYER
from .page import Measured, change_layer

SETUP = """
import attnwidget as aw
from benchmarks.inputs import trace
w = aw.AttentionWidget(trace({tokens}))
asked = {{w.layer}}
w.on_msg(lambda _, content, __: asked.add(content.get("want", {{}}).get("layer")))
"""
NAME = "benchmark.ipynb"
ASKED = "print(*asked)"
FARTHEST = 5
LAYERS = (3, 4, 2, 1, 0)
# Milliseconds from running the cell to the second frame after the widget is drawn.
RUN_CELL = """(drawn) => new Promise((resolve) => {
    const start = performance.now();
    const look = () => document.querySelector(drawn)
        ? requestAnimationFrame(() => resolve(performance.now() - start))
        : requestAnimationFrame(look);
    window.jupyterapp.commands.execute("notebook:run-cell");
    look();
})"""


def measure(tokens: int) -> Measured:
    """Measure the head view of MiniLM in one notebook; medians over its layer changes."""
    with tempfile.TemporaryDirectory() as folder, jupyter_server(Path(folder)) as server:
        server.write(NAME, [SETUP.format(tokens=tokens), "w", ASKED])
        with chromium() as browser:
            page = browser.new_page(viewport={"width": 1200, "height": 900})
            notebook = Notebook(page, NAME, server.url(NAME))
            notebook.run(0)
            notebook.select(1)
            drawn = page.evaluate(RUN_CELL, DRAWN) / 1000
            cold, warm = _change_layers(notebook)
    return Measured(first_drawing=drawn, cold=median(cold), warm=median(warm) if warm else None)


def _change_layers(notebook: Notebook) -> tuple[list[float], list[float]]:
    # Straight after the first drawing nothing has been fetched ahead.
    cold = [_change(notebook, FARTHEST)]
    warm: list[float] = []
    for layer in LAYERS:
        notebook.page.wait_for_timeout(500)  # lets prefetching finish
        at_hand = str(layer) in notebook.run(2).split()
        (warm if at_hand else cold).append(_change(notebook, layer))
    return cold, warm


def _change(notebook: Notebook, layer: int) -> float:
    return change_layer(notebook.page, LAYER, layer, f'{DRAWN}[data-layer="{layer}"]')
