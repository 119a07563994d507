"""The page of an exported file: damaged, framed, and in the theme of its widget."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser

import attnwidget as aw
from attnwidget.trace import Trace

from .conftest import OpenFile


@pytest.mark.parametrize("damage", ["cut", "changed", "gone"])
def test_a_damaged_file_says_so(open_file: OpenFile, small: Trace, damage: str) -> None:
    html = aw.AttentionWidget(small).to_html()
    start = html.index("data-checksum=")
    middle = start + (len(html) - start) // 2
    other = "A" if html[middle] != "A" else "B"
    damaged = {
        "cut": html[:middle],
        "changed": html[:middle] + other + html[middle + 1 :],
        "gone": html[: html.rindex("<script")],
    }[damage]
    view = open_file(damaged, ready=False)
    view.page.get_by_role("alert").filter(has_text="This file is damaged").wait_for()
    assert view.root.count() == 0


def test_a_file_without_its_script_says_so(open_file: OpenFile, small: Trace) -> None:
    html = aw.AttentionWidget(small).to_html()
    view = open_file(html[: html.index('<script type="module">') + 5000], ready=False)
    view.page.get_by_role("alert").filter(has_text="could not be opened").wait_for()


def test_any_static_server_will_do(browser: Browser, open_file: OpenFile, small: Trace) -> None:
    """In a frame that may run scripts only, as other sites embed it."""
    html = aw.AttentionWidget(small).to_html()
    page = browser.new_page()
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
