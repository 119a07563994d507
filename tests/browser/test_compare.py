"""Two traces in the widget: either one, and their difference."""

from __future__ import annotations

import attnwidget as aw
from attnwidget.demos.load import load

from .conftest import Open, OpenFile
from .pages import View


def text_of(view: View) -> str:
    return view.root.get_by_role("region", name="Comparison").inner_text()


def test_two_texts_are_shown_one_by_one_and_subtracted(
    open_widgets: Open, open_file: OpenFile
) -> None:
    model, tokenizer = load("brackets")
    first, second = (
        aw.capture(model, text, tokenizer=tokenizer)
        for text in ("[<>](<[MASK])", "[{<>}]((<[MASK])")
    )
    widget = aw.compare(first, second)
    page = open_widgets(widget)
    view = page.view()
    view.root.locator('.aw-change[data-current="true"]').wait_for()
    assert "minus the run before" in text_of(view)
    best = second.predictions(top=1).entries[0].text
    assert best in text_of(view)
    keys = view.root.locator('[data-side="key"]')
    page.wait_until(lambda: keys.count() == len(widget.current_stream.keys))
    view.rest()
    view.token("key", 1).click()
    page.wait_until(lambda: len(widget.tokens_selected) == 1)

    view.choose("run", "after")
    page.wait_until(lambda: widget.run == "after" and widget.tokens_selected == [])
    page.wait_until(lambda: keys.count() == len(second.tokens))
    view.rest()
    view.token("key", len(second.tokens) - 1).click()
    page.wait_until(lambda: widget.tokens_selected[-1]["index"] == len(second.tokens) - 1)
    view.choose("run", "difference")
    page.wait_until(lambda: widget.run == "difference")
    view.rest()
    widget.view = "trace"
    view.root.get_by_text("shows one run at a time").wait_for()
    view.rest()
    assert view.root.get_by_role("alert").count() == 0

    widget.view = "head"
    view = open_file(widget.to_html())
    assert "minus" in view.root.locator(".aw-notes").inner_text()
    assert view.root.get_by_role("region", name="Comparison").count() == 0
