"""The model view: thumbnails that name, enlarge, open and close their heads."""

import pytest

import attnwidget as aw

from .conftest import Open
from .models import random_trace


def test_every_head_of_every_layer_has_a_thumbnail(open_widgets: Open, small) -> None:
    view = open_widgets(aw.AttentionWidget(small, view="model")).view()
    assert view.root.locator("[data-layer][data-head]").count() == 16
    text = view.root.inner_text()
    assert all(f"layer {layer}" in text for layer in range(4))


def test_a_click_opens_a_head_and_another_closes_it(open_widgets: Open, small) -> None:
    widget = aw.AttentionWidget(small, view="model")
    page = open_widgets(widget)
    view = page.view()
    thumbnail = view.root.locator('[data-layer="2"][data-head="1"]')
    thumbnail.click()
    view.wait(layer=2)
    page.wait_until(lambda: (widget.layer, widget.heads) == (2, [1]))
    assert thumbnail.get_attribute("aria-expanded") == "true"
    view.token("query", 3).wait_for()
    thumbnail.click()
    view.settle()
    assert thumbnail.get_attribute("aria-expanded") == "false"
    assert view.root.locator("[data-side]").count() == 0


def test_a_table_sorts_the_heads_and_leads_to_them(open_widgets: Open) -> None:
    trace = aw.demo("induction")
    rows = aw.head_table(trace)
    widget = aw.AttentionWidget(trace, view="model")
    page = open_widgets(widget)
    view = page.view()
    view.root.get_by_role("button", name="Table", exact=True).click()
    for figure in ("distance", "effect"):
        best = max(rows, key=lambda row: getattr(row, figure))
        view.root.locator(f'[name="sort"][value="{figure}"]').press("Enter")
        view.root.locator(f'th[aria-sort="descending"] [value="{figure}"]').wait_for()
        head = f'[data-layer="{best.layer}"][data-head="{best.head}"]'
        view.root.locator(f'tr[aria-rowindex="2"] {head}').wait_for()
    view.root.locator('tr[aria-rowindex="2"] td').first.click()
    page.wait_until(lambda: (widget.layer, widget.heads) == (best.layer, [best.head]))
    view.root.locator(f'{head}[aria-expanded="true"]').wait_for()


def test_tokens_of_an_opened_head_are_pinned(open_widgets: Open, small) -> None:
    widget = aw.AttentionWidget(small, view="model")
    page = open_widgets(widget)
    view = page.view()
    view.root.locator('[data-layer="0"][data-head="3"]').click()
    view.token("key", 4).click()
    page.wait_until(lambda: widget.tokens_selected == [{"side": "key", "index": 4}])


def test_hover_names_the_head_without_the_kernel(open_widgets: Open, small) -> None:
    page = open_widgets(aw.AttentionWidget(small, view="model"), clock=True)
    view = page.view()
    page.rest()
    page.stop_clock()
    asked = len(page.kernel.received)
    view.root.locator('[data-layer="3"][data-head="2"]').hover()
    page.wait_until(lambda: "layer 3, head 2" in view.root.inner_text())
    page.page.clock.run_for(100)  # less than the pointer has to rest until more is asked for
    page.page.evaluate("bridge.delivered()")
    assert len(page.kernel.received) == asked


@pytest.mark.parametrize("kind", ["matrix", "lines"])
def test_thumbnails_are_lines_or_matrices(open_widgets: Open, small, kind: str) -> None:
    other = "lines" if kind == "matrix" else "matrix"
    widget = aw.AttentionWidget(small, view="model", thumbnails=other)
    page = open_widgets(widget)
    canvas = page.view().root.locator("canvas").first
    before = canvas.screenshot()
    page.view().root.get_by_role("button", name=kind).click()
    page.wait_until(lambda: widget.thumbnails == kind)
    page.view().settle()
    assert canvas.screenshot() != before


def test_thirty_layers_of_thirty_two_heads_stay_usable(open_widgets: Open) -> None:
    trace = random_trace(16, layers=30, heads=32)
    widget = aw.AttentionWidget(trace, view="model")
    page = open_widgets(widget, width=1200)
    view = page.view()
    last = view.root.locator('[data-layer="29"][data-head="31"]')
    last.scroll_into_view_if_needed()
    last.click()
    view.wait(layer=29)
    page.wait_until(lambda: widget.heads == [31])
    box = view.root.locator(".aw-grid").bounding_box()
    assert box
    assert box["height"] <= 900
