"""Pages that nbconvert makes, opened from a disk with the network cut."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import nbformat
import pytest
from nbconvert import HTMLExporter
from playwright.sync_api import Browser, FrameLocator, Page, Request, Route

from tests.server import ROOT
from tests.wait import MILLISECONDS

from .cells import SETUP, SHOW
from .saved import without_state

NOT_OURS = ("cdnjs.cloudflare.com", "html-manager")
"""What nbconvert's own pages ask for."""


@pytest.fixture(scope="module")
def notebook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A notebook that shows a widget, and prints a line after it."""
    cells = [nbformat.v4.new_code_cell(source) for source in (SETUP, SHOW, "print('the end')")]
    path = tmp_path_factory.mktemp("nbconvert") / "shown.ipynb"
    nbformat.write(nbformat.v4.new_notebook(cells=cells), path)
    environment = os.environ | {
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    }
    command = [sys.executable, "-m", "jupyter", "nbconvert", "--to", "notebook", "--execute"]
    subprocess.run(
        [*command, "--inplace", str(path)], check=True, capture_output=True, env=environment
    )
    return path


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    """A page that gets nothing but files, and fails the test where it asks for more."""
    # Frames have the page's colour scheme, which emulation would override.
    context = browser.new_context(color_scheme="null", viewport={"width": 1100, "height": 900})
    context.set_default_timeout(MILLISECONDS)
    opened = context.new_page()
    asked: list[str] = []

    def decide(route: Route, request: Request) -> None:
        if request.url.startswith("file:"):
            route.continue_()
        else:
            asked.append(request.url)
            route.abort()

    opened.route("**/*", decide)
    yield opened
    context.close()
    assert [url for url in asked if not any(name in url for name in NOT_OURS)] == []


def convert(path: Path, **options: str) -> Path:
    """Return the page that `jupyter nbconvert --to html` makes, JupyterLab's export too."""
    html, _ = HTMLExporter(**options).from_filename(str(path))
    page = path.with_suffix(".html")
    page.write_text(html, encoding="utf-8")
    return page


def shown(page: Page) -> FrameLocator:
    """Return the one widget in a page, once it is drawn."""
    frame = page.frame_locator("iframe")
    frame.locator('.attnwidget[data-state="ready"]').wait_for()
    assert page.locator("iframe").count() == 1
    assert page.locator(".attnwidget-saved img:visible, .attnwidget-saved p:visible").count() == 0
    assert "AttentionWidget of" not in page.locator("body").inner_text()
    return frame


@pytest.mark.parametrize("state", ["with", "without"])
@pytest.mark.parametrize("template", ["lab", "classic"])
def test_the_widget_reacts(notebook: Path, page: Page, state: str, template: str) -> None:
    path = notebook if state == "with" else without_state(notebook, "bare.ipynb")
    page.goto(convert(path, template_name=template).as_uri())
    frame = shown(page)
    frame.locator('[name="layer"]').first.select_option("2")
    frame.locator('.attnwidget[data-state="ready"][data-layer="2"]').wait_for()
    frame.locator('[data-side="query"][data-index="3"]').first.hover()
    frame.get_by_text("t3", exact=True).first.wait_for()
    box = page.locator("iframe").bounding_box()
    inner = frame.locator("main").evaluate("(main) => main.offsetHeight")
    assert box is not None
    assert abs(box["height"] - inner) <= 2, "no scroll bar, and no gap"
    assert page.get_by_text("the end").last.is_visible()


def test_it_takes_the_theme_of_the_page(notebook: Path, page: Page) -> None:
    page.goto(convert(notebook, theme="dark").as_uri())
    frame = shown(page)
    frame.locator('.attnwidget[data-scheme="dark"]').wait_for()
    page.evaluate("document.body.dataset.jpThemeLight = 'true'")
    frame.locator('.attnwidget[data-scheme="light"]').wait_for()


def test_where_no_script_runs_there_is_a_picture(notebook: Path, browser: Browser) -> None:
    path = convert(without_state(notebook, "quiet.ipynb"))
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(MILLISECONDS)
    page = context.new_page()
    page.goto(path.as_uri())
    assert page.locator(".attnwidget-saved img").is_visible()
    assert "layer 0 of 0 to 3" in page.locator(".attnwidget-saved p").inner_text()
    context.close()
