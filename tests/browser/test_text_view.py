"""The text view in Chromium."""

from __future__ import annotations

import attnwidget as aw

from .conftest import Open, OpenFile
from .models import random_trace
from .pages import View

GROUNDS = """(tokens) => tokens.map((token) => getComputedStyle(token).backgroundColor)"""


def grounds(view: View) -> list[str]:
    return view.root.locator(".aw-text [data-index]").evaluate_all(GROUNDS)


def test_it_reads_as_text_and_a_click_makes_a_word_the_query(
    open_widgets: Open, open_file: OpenFile, pair
) -> None:
    widget = aw.AttentionWidget(pair, "text")
    for view in (open_widgets(widget).view(), open_file(widget.to_html())):
        passage = view.root.locator("[data-passage]")
        assert passage.inner_text() == "[CLS]the cat[SEP]\nit sleeps[SEP]"
        before = int(view.data("revision") or 0)
        view.token("query", 5).click()
        view.page.locator(".aw-text [data-index='5'][aria-pressed='true']").wait_for()
        view.root.locator(f"xpath=self::*[@data-revision > {before}]").wait_for(state="attached")
        row = pair.attention(0).mean(0)[5]
        strongest = view.root.locator(".aw-sources li").first
        assert f"{100 * float(row.max()):.1f} %" in strongest.inner_text()
        assert len(set(grounds(view))) > 4


def test_python_sees_the_pin_and_escape_releases_it(open_widgets: Open, small) -> None:
    widget = aw.AttentionWidget(small, "text")
    page = open_widgets(widget)
    view = page.view()
    view.token("query", 3).click()
    page.wait_until(lambda: widget.tokens_selected == [{"side": "query", "index": 3}])
    view.root.get_by_role("button", name="Looked at by").click()
    page.wait_until(lambda: widget.tokens_selected == [{"side": "key", "index": 3}])
    view.root.locator('[data-side="key"][data-index="3"][data-shown]').wait_for()
    view.token("key", 3).press("Escape")
    page.wait_until(lambda: widget.tokens_selected == [])


def test_a_search_marks_matches_and_goes_to_the_next(open_widgets: Open) -> None:
    view = open_widgets(aw.AttentionWidget(random_trace(600, layers=1), "text")).view()
    view.token("query", 1).press("/")
    search = view.control("search")
    search.fill("t59")
    said = view.root.locator(".aw-text-search output")
    assert said.inner_text() == "1 of 11"  # t59 and t590 to t599
    search.press("Shift+Enter")
    last = view.root.locator("[data-current]")
    assert last.get_attribute("data-index") == "599"
    assert view.root.locator(".aw-text-viewport").evaluate("(e) => e.scrollTop") > 0
    search.press("Enter")
    assert last.get_attribute("data-index") == "59"
    search.fill("nowhere")
    assert said.inner_text() == "no match"
    search.press("Escape")
    assert view.root.locator("[data-match]").count() == 0
    assert view.token("query", 0).evaluate("(e) => e === document.activeElement")


def test_a_source_is_a_link_to_its_place(open_widgets: Open) -> None:
    trace = random_trace(600, layers=1)
    pins = [{"side": "query", "index": 590}]
    view = open_widgets(aw.AttentionWidget(trace, "text", tokens_selected=pins)).view()
    box = view.root.locator(".aw-text-viewport")
    assert box.evaluate("(e) => e.scrollTop") > 0
    box.evaluate("(e) => { e.scrollTop = 0; }")
    first = view.root.locator(".aw-sources button").first
    strongest = int(trace.attention(0).mean(0)[590].argmax())
    first.click()
    assert view.token("query", strongest).evaluate("(e) => e === document.activeElement")
    assert box.evaluate("(e) => e.scrollTop") > 0
