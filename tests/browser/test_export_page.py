"""The page of an exported file: damaged, framed, and in the theme of its widget."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

import attnwidget as aw
from attnwidget.trace import Trace
from tests.wait import MILLISECONDS

from .conftest import OpenFile
from .halting import halting
from .models import random_decoder


def changed(html: str, place: int) -> str:
    other = "A" if html[place] != "A" else "B"
    return html[:place] + other + html[place + 1 :]


@pytest.mark.parametrize("damage", ["first", "rest", "cut", "gone"])
def test_a_damaged_file_says_so(open_file: OpenFile, small: Trace, damage: str) -> None:
    html = aw.AttentionWidget(small).to_html()
    first = html.index(">", html.index('id="attnwidget-data"'))
    rest = html.index(">", html.index('id="attnwidget-rest"'))
    damaged = {
        "first": changed(html, first + 50),
        "rest": changed(html, rest + 50),
        "cut": html[: rest + 50],
        "gone": html[: html.rindex("<script")],
    }[damage]
    view = open_file(damaged, ready=False)
    view.page.get_by_role("alert").filter(has_text="This file is damaged").wait_for()
    assert view.root.count() == 0
    assert view.page.locator("#attnwidget").inner_text() == ""


@pytest.mark.parametrize("last", ["attnwidget-data", "<script>"])
def test_a_file_that_ends_before_its_script_says_so(
    open_file: OpenFile, small: Trace, last: str
) -> None:
    html = aw.AttentionWidget(small).to_html()
    view = open_file(html[: html.index(last, html.index("</style>")) + 200], ready=False)
    view.page.get_by_role("alert").filter(has_text="could not be opened").wait_for()


@pytest.mark.parametrize("view", ["head", "matrix", "neuron"])
def test_a_file_is_drawn_before_all_of_it_is_there(browser: Browser, view: str) -> None:
    """From a server that stops in the middle, and goes on."""
    html = (
        aw.AttentionWidget(random_decoder(), view=view, layer=0).to_html(title="A title").encode()
    )
    middle = html.index(b'id="attnwidget-rest"') + 1000
    with halting(html[:middle], html[middle:]) as (address, go_on):
        page = browser.new_page()
        page.set_default_timeout(MILLISECONDS)
        page.goto(address, wait_until="commit")
        root = page.locator('.attnwidget[data-state="ready"]')
        root.wait_for()
        assert page.evaluate("document.readyState") == "loading"
        page.get_by_label("Next layer").click()
        page.locator('.attnwidget[data-state="busy"][data-layer="1"]').wait_for()
        go_on()
        page.locator('.attnwidget[data-state="ready"][data-layer="1"]').wait_for()
        page.locator("#attnwidget-unopened").wait_for(state="detached")
        page.close()


def test_any_static_server_will_do(browser: Browser, open_file: OpenFile, small: Trace) -> None:
    """In a frame that may run scripts only, as other sites embed it."""
    html = aw.AttentionWidget(small).to_html()
    page = browser.new_page()
    page.set_default_timeout(MILLISECONDS)
    page.set_content("<iframe sandbox='allow-scripts' width='1000' height='900'></iframe>")
    page.locator("iframe").evaluate("(frame, html) => { frame.srcdoc = html }", html)
    page.frame_locator("iframe").locator('.attnwidget[data-state="ready"]').wait_for()
    page.close()


def test_the_page_around_it_has_its_theme(open_file: OpenFile, small: Trace) -> None:
    view = open_file(aw.AttentionWidget(small, theme="dark").to_html(title="Night"))

    def paper() -> list[str]:
        return view.page.evaluate(
            """() => [
                getComputedStyle(document.body, "::before").backgroundColor,
                getComputedStyle(document.querySelector("h1")).color,
            ]"""
        )

    assert paper() == ["rgb(21, 23, 27)", "rgb(229, 232, 236)"]
    view.choose("theme", "auto")
    view.settle()
    assert view.data("scheme") == "light"
    assert paper() == ["rgb(255, 255, 255)", "rgb(28, 32, 36)"]
