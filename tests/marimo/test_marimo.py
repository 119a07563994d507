"""Display, clicks, reactive cells, several views, themes: what a person does in marimo."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.pages import View

from .conftest import Open


def view_of(page: Page, index: int = 0) -> View:
    view = View(page.locator(".attnwidget").nth(index))
    view.root.wait_for()
    view.wait()
    return view


def test_clicks_run_the_cells_that_read_the_widget(open_notebook: Open) -> None:
    page = open_notebook("reactive")
    page.get_by_text("read (0, None, []) run 1").wait_for()
    view = view_of(page)
    view.choose("layer", "2")
    page.get_by_text("read (2, None, []) run 2").wait_for()
    view.chip(1).click()
    page.get_by_text("read (2, [1], []) run 3").wait_for()
    view.token("query", 3).click()
    page.get_by_text("read (2, [1], [{'side': 'query', 'index': 3}]) run 4").wait_for()
    view.rest()  # and all has been sent that a click makes it send
    view.choose("layer", "1")
    page.get_by_text("read (1, [1], [{'side': 'query', 'index': 3}]) run 5").wait_for()


def test_what_python_assigns_is_drawn(open_notebook: Open) -> None:
    page = open_notebook("assigned")
    view = view_of(page)
    page.get_by_role("button", name="assign").click()
    view.wait(layer=3)
    assert view.chosen_heads() == [0, 2]


def test_two_views_of_one_widget_stay_together(open_notebook: Open) -> None:
    page = open_notebook("twice")
    one, other = view_of(page, 1), view_of(page, 2)
    one.token("query", 4).click()
    one.choose("layer", "2")
    other.wait(layer=2)
    assert other.pins() == [{"side": "query", "index": 4}]


def test_a_widget_needs_no_wrapping_to_be_shown(open_notebook: Open) -> None:
    """What is clicked reaches Python too; only cells are not run for it."""
    page = open_notebook("bare")
    page.get_by_text("look 0: layer 0").wait_for()
    view = view_of(page)
    view.choose("layer", "1")
    view.wait(layer=1)
    page.get_by_role("button", name="look").click()
    page.get_by_text("look 1: layer 1").wait_for()


def test_every_view_is_drawn(open_notebook: Open) -> None:
    view = view_of(open_notebook("views"))
    for name in ("model", "neuron", "matrix", "trace", "text", "head"):
        view.choose("view", name)
        view.wait(view=name)
        assert view.alert.count() == 0


@pytest.mark.parametrize(("name", "scheme"), [("views", "light"), ("views-dark", "dark")])
def test_the_notebooks_theme_is_followed(open_notebook: Open, name: str, scheme: str) -> None:
    view = view_of(open_notebook(name))
    view.wait(scheme=scheme)


def test_what_takes_long_tells_its_progress_and_can_be_stopped(open_notebook: Open) -> None:
    view = view_of(open_notebook("slow"))
    view.choose("method", "max_flow")
    bar = view.root.get_by_role("progressbar", name="max-flow")
    bar.and_(view.page.locator('[value="3"][max="12"]')).wait_for()
    view.control("cancel").click()
    view.root.get_by_text("was cancelled").wait_for()
    view.choose("method", "attention")
    view.wait(method="attention")


def test_the_picture_is_saved(open_notebook: Open) -> None:
    view = view_of(open_notebook("views"))
    view.root.get_by_role("button", name="Save").click()
    for kind, start in [("SVG", b"<svg"), ("PNG", b"\x89PNG")]:
        with view.page.expect_download() as download:
            view.root.get_by_role("button", name=kind).click()
        assert download.value.path().read_bytes().startswith(start)


def test_an_exported_page_works_in_a_frame(open_notebook: Open) -> None:
    page = open_notebook("exported")
    frame = page.frame_locator("iframe")
    frame.locator('.attnwidget[data-layer="2"][data-state="ready"]').wait_for()
    frame.locator('[name="layer"]').select_option("1")
    frame.locator('.attnwidget[data-layer="1"][data-state="ready"]').wait_for()
