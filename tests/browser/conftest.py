"""Opens widgets in a page; every test fails on whatever the page complains of."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from attnwidget.trace import Trace
from tests.wait import MILLISECONDS

from .bridge import Bridge
from .chromium import Complaints, settle
from .models import hostile_trace, random_decoder, random_pair, random_trace, random_translation
from .pages import Opened, View

Open = Callable[..., Opened]
OpenFile = Callable[..., View]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def small() -> Trace:
    """Twelve tokens, four layers of four heads."""
    return random_trace(12)


@pytest.fixture(scope="session")
def long() -> Trace:
    """512 tokens, two layers of four heads."""
    return random_trace(512, layers=2)


@pytest.fixture(scope="session")
def translation() -> Trace:
    return random_translation()


@pytest.fixture(scope="session")
def pair() -> Trace:
    """Eight tokens of a sentence pair, special tokens and a word in two pieces among them."""
    return random_pair()


@pytest.fixture(scope="session")
def decoder() -> Trace:
    """Ten tokens through a small random Llama: causal, with Q and K, so with a neuron view."""
    return random_decoder()


@pytest.fixture(scope="session")
def hostile() -> Trace:
    return hostile_trace()


@pytest.fixture
def open_widgets(browser: Browser) -> Iterator[Open]:
    """Open a page with these widgets; `views` says which are drawn, as in `Bridge.url`."""
    undo: list[Callable[[], object]] = []
    pages: list[tuple[Complaints, Bridge]] = []

    def open_(
        *widgets: object,
        views: Sequence[int] | None = None,
        theme: str = "light",
        width: int = 1000,
        clock: bool = False,
    ) -> Opened:
        bridge = Bridge(widgets)
        context = browser.new_context(viewport={"width": width, "height": 900})
        context.set_default_timeout(MILLISECONDS)
        undo.extend([context.close, bridge.close])
        page: Page = context.new_page()
        complaints = Complaints(page)
        pages.append((complaints, bridge))
        if clock:
            page.clock.install()  # so that a test can let time-outs pass
        page.goto(bridge.url(views=range(len(widgets)) if views is None else views, theme=theme))
        page.evaluate("bridge.ready")
        if views is None or len(views) > 0:
            settle(page)
        return Opened(page, bridge.kernel, complaints)

    yield open_
    for close in undo:
        close()
    for complaints, bridge in pages:
        assert complaints.list == []
        assert bridge.kernel.errors == []


@pytest.fixture
def open_file(browser: Browser, tmp_path: Path) -> Iterator[OpenFile]:
    """Write a page and open it; it asks for nothing but itself and complains of nothing."""
    context = browser.new_context(viewport={"width": 1000, "height": 900}, offline=True)
    context.set_default_timeout(MILLISECONDS)
    complaints: list[Complaints] = []
    requests: list[str] = []

    def open_(html: str, *, ready: bool = True) -> View:
        path = tmp_path / f"{len(complaints)}.html"
        path.write_text(html, encoding="utf-8")
        page: Page = context.new_page()
        complaints.append(Complaints(page))
        page.on("request", lambda request: requests.append(request.url))
        page.goto(path.as_uri())
        if ready:
            settle(page)
        return View(page.locator(".attnwidget").first)

    yield open_
    context.close()
    assert [complaint.list for complaint in complaints] == [[]] * len(complaints)
    assert all(url.startswith("file:") for url in requests)
    assert len(requests) == len(complaints)
