"""An exported page in a frame of another page, as reports, dashboards and blogs hold it."""

from __future__ import annotations

import html
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
from playwright.sync_api import Browser, Page, expect

import attnwidget as aw
from attnwidget.trace import Trace
from tests.wait import MILLISECONDS

from .chromium import Complaints

HOST = """<!doctype html>
<meta charset="utf-8">
<link rel="icon" href="data:,">
<style>
  iframe {{ width: 100%; height: 500px; border: 0; color-scheme: light }}
  .dark iframe {{ color-scheme: dark }}
</style>
<iframe {frame}></iframe>
"""


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory, small: Trace) -> Iterator[str]:
    """Serve a page with a file beside it in a frame, and one with the text of the file."""
    folder = tmp_path_factory.mktemp("site")
    for theme in ("auto", "dark"):
        aw.AttentionWidget(small, theme=theme).to_html(folder / f"{theme}.html")
        text = html.escape((folder / f"{theme}.html").read_text(encoding="utf-8"))
        write(folder / f"file-{theme}", f'src="{theme}.html"')
        write(folder / f"text-{theme}", f'sandbox="allow-scripts" srcdoc="{text}"')
    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=folder)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_: object) -> None:
        pass


def write(path: Path, frame: str) -> None:
    path.with_suffix(".page.html").write_text(HOST.format(frame=frame), encoding="utf-8")


def open_embedded(browser: Browser, url: str) -> tuple[Page, Complaints, list[str]]:
    """Open a page whose frames have its colour scheme, which emulation would override."""
    context = browser.new_context(color_scheme="null", viewport={"width": 1000, "height": 700})
    context.set_default_timeout(MILLISECONDS)
    page = context.new_page()
    complaints, requests = Complaints(page), []
    page.on("request", lambda request: requests.append(request.url))
    page.goto(url)
    return page, complaints, requests


@pytest.mark.parametrize(("kind", "files"), [("file", 2), ("text", 1)])
def test_it_works_in_a_frame_and_asks_for_nothing(
    browser: Browser, site: str, kind: str, files: int
) -> None:
    page, complaints, requests = open_embedded(browser, f"{site}/{kind}-auto.page.html")
    frame = page.frame_locator("iframe")
    ready = '.attnwidget[data-state="ready"]'
    frame.locator(f'{ready}[data-layer="0"]').wait_for()
    frame.get_by_label("Next layer").click()
    frame.locator(f'{ready}[data-layer="1"]').wait_for()
    assert len([url for url in requests if not url.startswith("data:")]) == files
    assert complaints.list == []
    assert page.frames[1].evaluate("document.documentElement.scrollWidth <= innerWidth")
    page.context.close()


@pytest.mark.parametrize("kind", ["file", "text"])
@pytest.mark.parametrize("theme", ["auto", "dark"])
def test_its_theme_is_that_of_the_frame_unless_forced(
    browser: Browser, site: str, kind: str, theme: str
) -> None:
    page, _, _ = open_embedded(browser, f"{site}/{kind}-{theme}.page.html")
    widget = page.frame_locator("iframe").locator(".attnwidget")
    expect(widget).to_have_attribute("data-scheme", "light" if theme == "auto" else "dark")
    page.evaluate("document.documentElement.className = 'dark'")
    expect(widget).to_have_attribute("data-scheme", "dark")
    page.context.close()
