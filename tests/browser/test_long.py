"""512 tokens: drawn, bounded in height, changed without a pause."""

import time

import pytest

import attnwidget as aw

from .conftest import Open


@pytest.mark.parametrize("view", ["head", "model"])
def test_a_long_text_is_drawn_in_a_bounded_cell(open_widgets: Open, long, view: str) -> None:
    page = open_widgets(aw.AttentionWidget(long, view=view))
    box = page.view().root.bounding_box()
    assert box
    assert box["height"] <= 1000


def test_a_layer_change_feels_immediate(open_widgets: Open, long) -> None:
    page = open_widgets(aw.AttentionWidget(long))
    view = page.view()
    page.page.wait_for_timeout(700)
    start = time.perf_counter()
    view.choose("layer", "1")
    view.wait(layer=1)
    assert time.perf_counter() - start < 1.0  # far more than it takes; a freeze takes longer


def test_the_last_token_is_reached_and_pinned(open_widgets: Open, long) -> None:
    widget = aw.AttentionWidget(long)
    page = open_widgets(widget)
    token = page.view().token("query", 511)
    token.scroll_into_view_if_needed()
    token.click()
    page.wait_until(lambda: widget.tokens_selected == [{"side": "query", "index": 511}])


def test_bytes_grow_with_what_is_drawn(open_widgets: Open, long) -> None:
    page = open_widgets(aw.AttentionWidget(long))
    page.page.wait_for_timeout(500)
    before = page.kernel.sent_bytes
    page.view().choose("fusion", "max")
    page.view().wait(layer=0)
    sent = page.kernel.sent_bytes - before
    assert 0 < sent < 512 * 512 * 2  # less than one head's matrix as float16
