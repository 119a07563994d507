"""Everything by keyboard: tab to tokens, arrows move, Enter pins, Escape clears."""

from playwright.sync_api import Page

import attnwidget as aw

from .conftest import Open


def focused(page: Page) -> tuple[str | None, str | None]:
    return tuple(
        page.evaluate("[document.activeElement.dataset.side, document.activeElement.dataset.index]")
    )


def tab_to(page: Page, side: str) -> None:
    for _ in range(80):
        page.keyboard.press("Tab")
        if focused(page)[0] == side:
            return
    raise AssertionError(f"Tab does not lead to a {side} token")


def test_tokens_are_reached_moved_over_and_pinned(open_widgets: Open, small) -> None:
    widget = aw.AttentionWidget(small)
    opened = open_widgets(widget)
    page = opened.page
    tab_to(page, "query")
    for key in ("ArrowDown", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    assert focused(page) == ("query", "2")
    opened.wait_until(lambda: widget.tokens_selected == [{"side": "query", "index": 2}])
    page.keyboard.press("ArrowRight")
    assert focused(page)[0] == "key"
    page.keyboard.press("End")
    assert focused(page) == ("key", "11")
    page.keyboard.press(" ")
    opened.wait_until(lambda: len(widget.tokens_selected) == 2)


def test_escape_undoes_the_last_narrowing(open_widgets: Open, small) -> None:
    pins = [{"side": "query", "index": 2}]
    widget = aw.AttentionWidget(small, heads=[1], tokens_selected=pins)
    opened = open_widgets(widget)
    tab_to(opened.page, "query")
    opened.page.keyboard.press("Escape")
    opened.wait_until(lambda: widget.tokens_selected == [])
    assert widget.heads == [1]
    opened.page.keyboard.press("Escape")
    opened.wait_until(lambda: widget.heads is None)


def test_arrows_on_the_picture_step_layers_and_heads(open_widgets: Open, small) -> None:
    widget = aw.AttentionWidget(small)
    opened = open_widgets(widget)
    view = opened.view()
    view.root.locator("[data-picture]").focus()
    opened.page.keyboard.press("ArrowRight")
    view.wait(layer=1)
    opened.page.keyboard.press("ArrowRight")
    view.wait(layer=2)
    opened.page.keyboard.press("ArrowLeft")
    view.wait(layer=1)
    opened.page.keyboard.press("ArrowDown")
    opened.wait_until(lambda: widget.heads == [0])
    opened.page.keyboard.press("ArrowDown")
    opened.wait_until(lambda: widget.heads == [1])


def test_thumbnails_are_moved_over_and_opened(open_widgets: Open, small) -> None:
    widget = aw.AttentionWidget(small, view="model")
    opened = open_widgets(widget)
    opened.view().root.locator('[data-layer="0"][data-head="0"]').focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "Enter"):
        opened.page.keyboard.press(key)
    opened.wait_until(lambda: (widget.layer, widget.heads) == (1, [2]))
    opened.view().token("query", 0).wait_for()


def test_keys_for_the_widget_do_not_reach_the_notebook(open_widgets: Open, small) -> None:
    opened = open_widgets(aw.AttentionWidget(small))
    opened.page.evaluate(
        "window.heard = []; document.addEventListener('keydown', (event) => heard.push(event.key));"
    )
    opened.view().token("query", 0).focus()
    for key in ("ArrowDown", "Enter", " "):
        opened.page.keyboard.press(key)
    assert opened.page.evaluate("window.heard") == []
