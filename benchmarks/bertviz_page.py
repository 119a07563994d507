"""BertViz's head view in Chromium, its scripts served from npm packages."""

from __future__ import annotations

import multiprocessing
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from statistics import median

from playwright.sync_api import Error, Page, Route

from tests.browser.chromium import chromium

from .page import Measured, change_layer, count_nodes, first_drawing, renderer_memory
from .served import served

PACKAGES = Path(__file__).parent / "node_modules"
NETWORK = "https://cdnjs.cloudflare.com/ajax/libs/"
# BertViz asks for jQuery 2.0.0, which was never published on npm; 2.1.0 is the next one that was.
SCRIPTS = {
    f"{NETWORK}require.js/2.3.6/require.min.js": PACKAGES / "requirejs/require.js",
    f"{NETWORK}d3/5.7.0/d3.min.js": PACKAGES / "d3/dist/d3.min.js",
    f"{NETWORK}jquery/2.0.0/jquery.min.js": PACKAGES / "jquery/dist/jquery.min.js",
}
DRAWN = "#vis svg line"
LAYER = "#layer"
LAYERS = (1, 2, 3)


def measure(tokens: int, *, runs: int, timeout: float) -> Measured:
    """Measure BertViz's head view of MiniLM.

    Parameters
    ----------
    tokens, runs
        Length of the text; fresh browsers to take medians over.
    timeout
        Seconds after which a page that shows nothing is given up.
    """
    with tempfile.TemporaryDirectory() as folder:
        build(tokens, Path(folder) / "index.html")
        size = (Path(folder) / "index.html").stat().st_size
        size += sum(script.stat().st_size for script in SCRIPTS.values())
        result = Measured(first_bytes=size, all_bytes=size)
        with served(Path(folder)) as url:
            try:
                _measure_runs(url, result, runs, timeout)
            except Error:  # a blank page: the bytes are all there is to say
                return result
    return result


def build(tokens: int, path: Path) -> float:
    """Write the page and return the seconds it took from attention to file.

    A process of its own gives back the gigabytes that building the page takes.
    """
    with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
        return process.submit(write_page, tokens, path).result()


def write_page(tokens: int, path: Path) -> float:
    """Write what BertViz's `html_action="return"` gives, in a page; return the seconds it took."""
    from bertviz import head_view

    from .inputs import dense_attention

    attention, names = dense_attention(tokens)
    start = time.perf_counter()
    body = head_view(attention, names, html_action="return").data
    path.write_text(f"<!doctype html><meta charset='utf-8'>{body}", encoding="utf-8")
    return time.perf_counter() - start


def stand_in(page: Page) -> None:
    """Answer the page's requests to the network from the npm packages.

    Raises
    ------
    FileNotFoundError
        They are not installed.
    """
    if not PACKAGES.is_dir():
        raise FileNotFoundError(f"{PACKAGES} is missing: run `npm ci` in {PACKAGES.parent}.")
    page.route(f"{NETWORK}**", _fulfil)


def _measure_runs(url: str, result: Measured, runs: int, timeout: float) -> None:
    drawn, changes, nodes, memory = [], [], [], []
    for _ in range(runs):
        with chromium() as browser:
            page = browser.new_page(viewport={"width": 1000, "height": 800})
            page.set_default_timeout(1000 * timeout)
            stand_in(page)
            drawn.append(first_drawing(page, url, DRAWN, timeout))
            changes += [change_layer(page, LAYER, layer) for layer in LAYERS]
            nodes.append(count_nodes(page))
            memory.append(renderer_memory(browser))
    result.first_drawing = median(drawn)
    result.cold = result.warm = median(changes)
    result.nodes = round(median(nodes))
    result.memory = round(median(memory))


def _fulfil(route: Route) -> None:
    script = SCRIPTS[route.request.url]
    route.fulfill(path=script, content_type="text/javascript")
