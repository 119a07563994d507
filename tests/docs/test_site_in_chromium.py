"""The site as a reader has it: widgets, search, both themes, no request elsewhere."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.chromium import Complaints
from tests.wait import MILLISECONDS

pytestmark = pytest.mark.browser


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_arguments: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def address(site: Path) -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(site)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture
def reading(browser: Browser) -> Iterator[Page]:
    """Yield a page that follows its frames' colour scheme, which emulation would override."""
    context = browser.new_context(color_scheme="null", viewport={"width": 1280, "height": 900})
    context.set_default_timeout(MILLISECONDS)
    page = context.new_page()
    complaints = Complaints(page)
    yield page
    assert complaints.list == []
    context.close()


def test_a_widget_reacts_and_takes_the_theme_of_the_page(reading, address):
    reading.goto(f"{address}/index.html")
    frame = reading.locator("iframe")
    frame.scroll_into_view_if_needed()
    widget = frame.content_frame.locator(".attnwidget")
    expect(widget).to_have_attribute("data-state", "ready")
    expect(widget).to_have_attribute("data-layer", "2")
    widget.locator('[name="layer"]').select_option("0")
    expect(widget).to_have_attribute("data-layer", "0")

    for theme in ("dark", "light"):
        reading.evaluate("theme => { document.body.dataset.theme = theme }", theme)
        expect(widget).to_have_attribute("data-scheme", theme)


def test_every_widget_of_a_page_draws_on_a_telephone(reading, address):
    reading.set_viewport_size({"width": 390, "height": 800})
    for name in ("tokens", "heads", "inputs", "compare", "encoder-decoders"):
        reading.goto(f"{address}/how-to/{name}.html")
        for frame in reading.locator("iframe").all():
            frame.scroll_into_view_if_needed()
            widget = frame.content_frame.locator(".attnwidget")
            expect(widget).to_have_attribute("data-state", "ready")
        assert reading.evaluate("document.documentElement.scrollWidth") == 390


def test_search_finds_a_function(reading, address):
    reading.goto(f"{address}/search.html?q=rollout")
    results = reading.locator("#search-results a")
    expect(results.filter(has_text="attnwidget.rollout").first).to_be_visible()
