"""Pinned tokens: clicked, several, released, kept through every change of view."""

import pytest

import attnwidget as aw

from .conftest import Open


def pin(side: str, index: int) -> dict[str, object]:
    return {"side": side, "index": index}


def test_clicks_pin_several_tokens_and_release_them(open_widgets: Open, small) -> None:
    widget = aw.AttentionWidget(small)
    page = open_widgets(widget)
    view = page.view()
    view.token("query", 5).click()
    view.token("key", 2).click()
    view.token("query", 1).click()
    wanted = [pin("query", 5), pin("key", 2), pin("query", 1)]
    page.wait_until(lambda: widget.tokens_selected == wanted)
    assert view.token("query", 5).get_attribute("aria-pressed") == "true"
    view.token("key", 2).click()
    page.wait_until(lambda: widget.tokens_selected == [pin("query", 5), pin("query", 1)])
    assert view.token("key", 2).get_attribute("aria-pressed") == "false"


def test_pins_from_python_are_shown(open_widgets: Open, small) -> None:
    widget = aw.AttentionWidget(small)
    page = open_widgets(widget)
    widget.tokens_selected = [pin("query", 3), pin("key", 11)]
    page.wait_until(lambda: page.view().pins() == [pin("query", 3), pin("key", 11)])


def test_pins_survive_layers_heads_and_views(open_widgets: Open, decoder) -> None:
    widget = aw.AttentionWidget(decoder)
    page = open_widgets(widget)
    view = page.view()
    view.token("query", 4).click()
    view.choose("layer", "2")
    view.wait(layer=2)
    view.chip(1).click()
    for name in ("model", "neuron", "head"):
        view.choose("view", name)
        view.wait(view=name)
    page.rest()
    assert view.pins() == [pin("query", 4)]
    assert widget.tokens_selected == [pin("query", 4)]
    assert (widget.layer, widget.heads) == (2, [1])


@pytest.mark.parametrize("side", ["query", "key"])
def test_a_pin_narrows_the_lines_to_its_own(open_widgets: Open, small, side: str) -> None:
    widget = aw.AttentionWidget(small, coverage=1.0, heads=[1])
    page = open_widgets(widget)
    view = page.view()
    view.token(side, 6).click()
    view.settle()
    page.wait_until(lambda: "12 of 144 lines" in view.root.inner_text())


def test_pins_beyond_another_stream_are_dropped(open_widgets: Open, translation) -> None:
    pins = [pin("query", 8), pin("query", 2)]
    widget = aw.AttentionWidget(translation, tokens_selected=pins)
    page = open_widgets(widget)
    page.view().choose("stream", "decoder")
    page.view().wait(stream="decoder")
    page.wait_until(lambda: widget.tokens_selected == [pin("query", 2)])
    assert page.view().pins() == [pin("query", 2)]
