"""The neuron view shows Python's numbers, for the query token that is pinned."""

import re

import pytest

import attnwidget as aw

from .conftest import Open


def number(text: str) -> float:
    return float(text.replace("\u2212", "-"))


@pytest.mark.parametrize(("layer", "head", "query"), [(0, 0, 9), (2, 3, 4)])
def test_scores_and_weights_equal_pythons(
    open_widgets: Open, decoder, layer: int, head: int, query: int
) -> None:
    pins = [{"side": "query", "index": query}]
    widget = aw.AttentionWidget(
        decoder, view="neuron", layer=layer, heads=[head], tokens_selected=pins
    )
    view = open_widgets(widget).view()
    truth = decoder["self"].scores(layer, head, query)
    rows = view.root.locator("tr", has=view.page.locator('[data-side="key"]'))
    assert rows.count() == 10
    for row in rows.all():
        key = int(row.locator("[data-index]").get_attribute("data-index") or -1)
        score, share = row.locator("td").all_inner_texts()[-2:]
        assert number(score) == pytest.approx(float(truth.scaled[key]), rel=5e-3)
        weight = 100 * float(truth.weights[key])
        if key > query:
            assert share == "masked"
        elif weight < 0.1 or weight > 99.9:
            assert share == ("< 0.1 %" if weight < 0.1 else "> 99.9 %")
        else:
            shown = number(share.removesuffix(" %"))
            assert shown == pytest.approx(weight, rel=5e-3, abs=5e-3)


def test_the_mask_is_named_where_it_acts(open_widgets: Open, decoder) -> None:
    pins = [{"side": "query", "index": 3}]
    widget = aw.AttentionWidget(decoder, view="neuron", heads=[0], tokens_selected=pins)
    text = open_widgets(widget).view().root.inner_text()
    assert re.search("mask", text, re.IGNORECASE)
    assert re.search("softmax", text, re.IGNORECASE)


def test_another_query_is_chosen_by_click(open_widgets: Open, decoder) -> None:
    widget = aw.AttentionWidget(decoder, view="neuron", heads=[1])
    page = open_widgets(widget)
    view = page.view()
    view.token("query", 6).click()
    page.wait_until(lambda: {"side": "query", "index": 6} in widget.tokens_selected)
    wants = page.kernel.requests
    page.wait_until(lambda: (6, 1) in [(w["query"], w["head"]) for w in wants("neuron")])
    view.settle()


def test_a_visible_control_expands_and_collapses(open_widgets: Open, decoder) -> None:
    pins = [{"side": "query", "index": 5}]
    widget = aw.AttentionWidget(decoder, view="neuron", heads=[0], tokens_selected=pins)
    view = open_widgets(widget).view()
    control = view.root.locator(".aw-neuron [aria-expanded]").first
    before = control.get_attribute("aria-expanded")
    assert control.is_visible()
    control.click()
    view.settle()
    assert control.get_attribute("aria-expanded") != before
    control.click()
    view.settle()
    assert control.get_attribute("aria-expanded") == before
