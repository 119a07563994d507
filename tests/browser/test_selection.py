"""The toolbar's controls change the selection, and the selection sets the controls."""

import pytest

import attnwidget as aw

from .conftest import Open


def test_the_page_says_what_it_shows(open_widgets: Open, small) -> None:
    widget = aw.AttentionWidget(small, layer=2)
    view = open_widgets(widget).view()
    said = {name: view.data(name) for name in ("view", "stream", "layer", "method", "state")}
    assert said == {
        "view": "head",
        "stream": "self",
        "layer": "2",
        "method": "attention",
        "state": "ready",
    }
    assert int(view.data("revision") or 0) >= 1


@pytest.mark.parametrize("name", ["model", "neuron", "head"])
def test_views_are_chosen_by_click(open_widgets: Open, decoder, name: str) -> None:
    widget = aw.AttentionWidget(decoder, view="neuron" if name == "head" else "head")
    page = open_widgets(widget)
    page.view().choose("view", name)
    page.view().wait(view=name)
    page.wait_until(lambda: widget.view == name)


def test_the_neuron_view_is_not_offered_without_projections(open_widgets: Open, small) -> None:
    view = open_widgets(aw.AttentionWidget(small)).view()
    option = view.root.locator('[name="view"][value="neuron"]')
    assert option.count() == 0 or option.is_disabled()


def test_the_layer_is_stepped_and_typed(open_widgets: Open, small) -> None:
    widget = aw.AttentionWidget(small)
    page = open_widgets(widget)
    view = page.view()
    view.root.get_by_role("button", name="next layer").click()
    view.wait(layer=1)
    view.choose("layer", "3")
    view.wait(layer=3)
    view.root.get_by_role("button", name="previous layer").click()
    view.wait(layer=2)
    page.wait_until(lambda: widget.layer == 2)


def test_a_redraw_raises_the_revision(open_widgets: Open, small) -> None:
    page = open_widgets(aw.AttentionWidget(small))
    view = page.view()
    before = int(view.data("revision") or 0)
    view.choose("layer", "1")
    view.wait(layer=1)
    assert int(view.data("revision") or 0) > before


@pytest.mark.parametrize("fusion", ["max", "min", "mean"])
def test_heads_are_fused_as_chosen(open_widgets: Open, small, fusion: str) -> None:
    widget = aw.AttentionWidget(small, fusion="mean" if fusion != "mean" else "max")
    page = open_widgets(widget)
    page.view().choose("fusion", fusion)
    page.view().settle()
    page.wait_until(lambda: widget.fusion == fusion)


def test_streams_of_an_encoder_decoder_clamp_the_rest(open_widgets: Open, translation) -> None:
    widget = aw.AttentionWidget(translation, layer=2, heads=[3])
    page = open_widgets(widget)
    view = page.view()
    view.choose("stream", "cross")
    view.wait(stream="cross", layer=1)
    assert view.token("query", 0).inner_text() == "target0"
    assert view.token("key", 8).inner_text() == "source8"
    assert view.root.locator('[data-side="query"]').count() == 7
    assert view.root.locator("[data-head]:not([data-layer])").count() == 6
    page.wait_until(lambda: (widget.stream, widget.layer, widget.heads) == ("cross", 1, [3]))


def test_what_python_assigns_is_shown(open_widgets: Open, small) -> None:
    widget = aw.AttentionWidget(small)
    page = open_widgets(widget)
    view = page.view()
    widget.layer = -1
    view.wait(layer=3)
    assert view.control("layer").input_value() == "3"
    widget.heads = [0, 2]
    view.settle()
    page.wait_until(lambda: view.chosen_heads() == [0, 2])
    widget.view = "model"
    view.wait(view="model")
    assert widget.layer == 3


def test_assigning_in_python_needs_no_request(open_widgets: Open, small) -> None:
    widget = aw.AttentionWidget(small)
    page = open_widgets(widget)
    page.rest()
    page.kernel.drop_requests(1000)
    widget.fusion = "min"
    page.view().wait(layer=0)
    widget.layer = 2
    page.view().wait(layer=2)
    assert page.view().alert.count() == 0
