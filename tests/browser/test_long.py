"""512 tokens: drawn, bounded in height, changed without waiting for the kernel."""

import pytest

import attnwidget as aw

from .conftest import Open


@pytest.mark.parametrize("view", ["head", "model"])
def test_a_long_text_is_drawn_in_a_bounded_cell(open_widgets: Open, long, view: str) -> None:
    page = open_widgets(aw.AttentionWidget(long, view=view))
    box = page.view().root.bounding_box()
    assert box
    assert box["height"] <= 1000


def test_the_next_layer_is_there_before_it_is_asked_for(open_widgets: Open, long) -> None:
    page = open_widgets(aw.AttentionWidget(long))
    view = page.view()
    page.rest()
    with page.kernel.hold():
        view.choose("layer", "1")
        view.wait(layer=1)


def test_the_last_token_is_reached_and_pinned(open_widgets: Open, long) -> None:
    widget = aw.AttentionWidget(long)
    page = open_widgets(widget)
    token = page.view().token("query", 511)
    token.scroll_into_view_if_needed()
    token.click()
    page.wait_until(lambda: widget.tokens_selected == [{"side": "query", "index": 511}])


def test_bytes_grow_with_what_is_drawn(open_widgets: Open, long) -> None:
    page = open_widgets(aw.AttentionWidget(long))
    page.rest()
    before = page.kernel.sent_bytes
    page.view().choose("fusion", "max")
    page.view().wait(layer=0)
    sent = page.kernel.sent_bytes - before
    assert 0 < sent < 512 * 512 * 2  # less than one head's matrix as float16
