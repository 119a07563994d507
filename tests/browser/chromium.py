"""Chromium under Playwright, as every browser test, screenshot and benchmark starts it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, Request, sync_playwright

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
ENVIRONMENT_VARIABLE = "ATTNWIDGET_CHROMIUM"
NAMES = (
    "chromium-headless-shell",  # draws pages without the windows around them: a third faster
    "chromium",
    "chromium-browser",
    "google-chrome",
    "chrome",
)


def executable() -> str | None:
    """Path of a Chromium on this machine; None: let Playwright use its own."""
    named = os.environ.get(ENVIRONMENT_VARIABLE)
    return named or next(filter(None, map(shutil.which, NAMES)), None)


@contextmanager
def chromium(*arguments: str) -> Iterator[Browser]:
    """Start Chromium, headless, with further command-line arguments."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=executable(), args=[*ARGUMENTS, *arguments]
        )
        try:
            yield browser
        finally:
            browser.close()


class Complaints:
    """What a page did and should not: console errors, exceptions, requests to other origins."""

    def __init__(self, page: Page) -> None:
        self.list: list[str] = []
        self._page = page
        page.on("console", lambda message: self._console(message.type, message.text))
        page.on("pageerror", lambda error: self.list.append(f"page error: {error}"))
        page.on("request", self._request)

    def forget_errors(self) -> None:
        """Drop errors, keep requests: for a page whose start is somebody else's business."""
        self.list = [line for line in self.list if line.startswith("request")]

    def _console(self, kind: str, text: str) -> None:
        if kind == "error":
            self.list.append(f"console error: {text}")

    def _request(self, request: Request) -> None:
        url = urlsplit(request.url)
        origin = urlsplit(self._page.url)
        local = url.scheme in ("blob", "data") or not origin.netloc
        if not local and url.netloc != origin.netloc:
            self.list.append(f"request beyond its origin: {request.url}")


def open_page(
    browser: Browser, url: str, *, width: int = 1000, height: int = 800, scale: float = 1
) -> Page:
    """Open a bridge page and wait until every view has been drawn."""
    page = browser.new_page(viewport={"width": width, "height": height}, device_scale_factor=scale)
    page.goto(url)
    page.evaluate("bridge.ready")
    settle(page)
    return page


def settle(page: Page) -> None:
    """Wait until every widget on the page says that it is ready, and for one frame more."""
    page.wait_for_function(
        """() => {
            const roots = [...document.querySelectorAll(".attnwidget")];
            return roots.length > 0 && roots.every((root) => root.dataset.state === "ready");
        }"""
    )
    page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")


def screenshot(url: str, path: Path, *, width: int = 1000) -> None:
    """Write a picture of a bridge page."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with chromium() as browser:
        page = open_page(browser, url, width=width)
        page.screenshot(path=path, full_page=True)
