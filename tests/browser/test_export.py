"""Exported files, opened from the disk with the network cut, beside the widgets they come from."""

from __future__ import annotations

import re

import pytest

import attnwidget as aw
from attnwidget.trace import Trace

from .conftest import Open, OpenFile
from .matrices import move_to
from .models import random_attention
from .pages import View


def text_of(view: View, selector: str, *, without: str = "select") -> str:
    """Return what a part of the page says, by default but for the options of its lists."""
    return view.root.locator(selector).evaluate(
        """(part, without) => {
            const copy = part.cloneNode(true);
            for (const list of copy.querySelectorAll(without)) list.remove();
            return copy.textContent;
        }""",
        without,
    )


def assert_same_figures(found: str, expected: str) -> None:
    """Compare words, and numbers as precisely as a file has them."""
    split = re.compile(r"(\d*\.\d+(?:e[−-]\d+)?|\d+e[−-]\d+)")
    (words, numbers), (other_words, other_numbers) = (
        (parts[::2], [float(number.replace("−", "-")) for number in parts[1::2]])
        for parts in (split.split(found), split.split(expected))
    )
    assert words == other_words
    assert numbers == pytest.approx(other_numbers, abs=2e-3, rel=5e-3)


def assert_alike(view: View, live: View) -> None:
    """Compare what two pages say beside their pictures, once nothing of it is on its way."""
    for page in (view, live):
        page.rest()
        page.root.locator("aside").filter(has_not=page.page.get_by_text("…", exact=True)).wait_for()
    assert_same_figures(text_of(view, "aside"), text_of(live, "aside"))


def test_it_opens_where_the_widget_stood(open_file: OpenFile, small: Trace) -> None:
    pins = [{"side": "query", "index": 3}]
    widget = aw.AttentionWidget(small, layer=2, heads=[1, 3], tokens_selected=pins, theme="dark")
    view = open_file(widget.to_html(title="A <b>title</b>\u202e"))
    assert (view.data("view"), view.data("layer"), view.data("scheme")) == ("head", "2", "dark")
    assert view.chosen_heads() == [1, 3]
    assert view.pins() == pins
    assert view.page.locator("h1").inner_text().startswith("A <b>title</b>")
    assert view.alert.count() == 0
    assert view.page.get_by_role("alert").count() == 0


SELECTIONS = [
    {"layer": 2},
    {"heads": [2]},
    {"heads": [0, 3], "layer": 1},
    {"fusion": "max"},
    {"fusion": "min", "hide_first": True},
    {"hide_special": True, "heads": [1]},
    {"pair_filter": "ab"},
    {"pair_filter": "ba", "hide_special": True, "hide_first": True, "heads": [0, 2]},
    {"tokens_selected": [{"side": "query", "index": 5}], "hide_special": True},
    {"tokens_selected": [{"side": "key", "index": 2}], "heads": [3]},
    {"method": "rollout"},
    {"method": "rollout", "hide_special": True, "layer": 2},
    {"method": "max_flow"},
]


@pytest.mark.parametrize("selection", SELECTIONS, ids=str)
def test_a_file_says_what_the_kernel_says(
    open_file: OpenFile, open_widgets: Open, pair: Trace, selection: dict
) -> None:
    widget = aw.AttentionWidget(pair)
    html = widget.to_html(methods=["rollout", "max_flow"])
    view = open_file(html)
    for name, value in selection.items():
        if name == "heads":
            view.chip(value[0]).dblclick()
            for head in value[1:]:
                view.chip(head).click()
        elif name == "tokens_selected":
            view.token(value[0]["side"], value[0]["index"]).click()
        elif isinstance(value, bool):
            if view.control(name).count() == 0:
                view.root.get_by_role("button", name="Display").click()
            view.control(name).check()
        else:
            view.choose(name, str(value))
    view.page.mouse.move(999, 899)
    view.settle()
    widget.set_trait("view", "head")
    for name, value in selection.items():
        setattr(widget, name, value)
    live = open_widgets(widget).view()
    assert_alike(view, live)


def test_hiding_what_takes_nearly_all_leaves_true_shares(
    open_file: OpenFile, open_widgets: Open
) -> None:
    attention = random_attention(2, 3, 10, 10, 0)
    for layer in attention:
        layer *= 1e-4
        layer[:, :, 0] += 1 - 1e-4
    trace = Trace.from_attentions(attention, [f"t{place}" for place in range(10)])
    widget = aw.AttentionWidget(trace, heads=[1], hide_first=True, coverage=1.0)
    view, live = open_file(widget.to_html()), open_widgets(widget).view()
    for shown in (view, live):
        shown.token("query", 4).click()
    assert_alike(view, live)


def test_tooltips_say_how_precise_a_value_is(open_file: OpenFile, small: Trace) -> None:
    widget = aw.AttentionWidget(small, view="matrix", heads=[2])
    view = open_file(widget.to_html())
    move_to(view, 5, 3, tokens=[12, 12])
    said = view.root.get_by_role("tooltip").locator(".aw-number").inner_text()
    value, error = (float(part) for part in said.split("±"))
    exact = float(small.attention(0, 2)[0, 5, 3])
    assert abs(value - exact) <= error + 0.5 * 10 ** (-len(said.split(" ")[0].split(".")[1]))
    assert error < exact / 250


@pytest.mark.parametrize("mode", ["single", "compare", "difference", "evolution"])
def test_the_matrix_view_needs_no_kernel(
    open_file: OpenFile, open_widgets: Open, small: Trace, mode: str
) -> None:
    widget = aw.AttentionWidget(small, view="matrix", matrix_mode=mode, layer=1, heads=[2])
    view, live = open_file(widget.to_html()), open_widgets(widget).view()
    assert view.alert.count() == 0
    assert_alike(view, live)

    # Connections as strong as each other may change places.
    values, expected = [
        page.root.locator(".aw-connections .aw-number").all_inner_texts() for page in (view, live)
    ]
    unsigned = [re.sub("[−+]", "", " ".join(numbers)) for numbers in (values, expected)]
    assert_same_figures(*unsigned)
    said, meant = (text_of(page, ".aw-matrix", without="select, ol") for page in (view, live))
    assert_same_figures(said, meant)


def test_the_model_view_opens_heads(open_file: OpenFile, open_widgets: Open, small: Trace) -> None:
    widget = aw.AttentionWidget(small, view="model")
    view, live = open_file(widget.to_html()), open_widgets(widget).view()
    canvas = ".aw-layer canvas >> nth=2"
    for shown in (view, live):
        shown.root.locator('[data-layer="2"][data-head="1"]').click()
        shown.settle()
    assert_alike(view, live)
    assert view.root.get_by_role("region", name=re.compile("Detail")).count() == 1
    assert view.root.locator(canvas).count() == 1


def test_the_neuron_view_has_every_query_of_every_head(
    open_file: OpenFile, open_widgets: Open, decoder: Trace
) -> None:
    pins = [{"side": "query", "index": 6}]
    widget = aw.AttentionWidget(decoder, view="neuron", layer=2, heads=[3], tokens_selected=pins)
    view, live = open_file(widget.to_html()), open_widgets(widget).view()
    table = ".aw-neuron-main"
    assert_same_figures(text_of(view, table), text_of(live, table))
    view.chip(1).click()
    view.choose("layer", "0")
    view.settle()
    widget.heads, widget.layer = [1], 0
    live.wait(layer=0)
    assert_same_figures(text_of(view, table), text_of(live, table))


@pytest.mark.parametrize("method", ["rollout", "relevance", "gradient_flow", "max_flow"])
def test_traces_are_found_in_the_page(open_file: OpenFile, open_widgets: Open, method: str) -> None:
    widget = aw.AttentionWidget(aw.demo("induction"), view="trace", method=method)
    view, live = open_file(widget.to_html()), open_widgets(widget).view()
    assert_alike(view, live)
    nodes = [{"trace_node": {"level": 2, "index": 9}}]
    if method != "max_flow":
        nodes += [{"trace_via": {"level": 1, "index": 5}}, {"trace_node": {"level": 1, "index": 7}}]
    for change in nodes:
        widget.trace_via = None
        for name, value in change.items():
            setattr(widget, name, value)
        page = open_file(widget.to_html())
        assert_alike(page, live)


def test_what_is_not_included_is_disabled_and_said(open_file: OpenFile, small: Trace) -> None:
    widget = aw.AttentionWidget(small, layer=1, heads=[0])
    view = open_file(widget.to_html(views=["head", "model"], layers=[1, 3], heads=[0, 2]))
    for name in ("matrix", "trace", "neuron"):
        assert view.root.locator(f'[name="view"][value="{name}"]').is_disabled()
    options = view.control("layer").locator("option")
    assert options.evaluate_all("(all) => all.map((o) => o.disabled)") == [True, False, True, False]
    assert view.chip(1).is_disabled()
    assert "not included" in (view.chip(1).get_attribute("title") or "")
    assert view.control("method").locator('option[value="rollout"]').is_disabled()
    view.root.get_by_role("button", name="Next layer").click()
    view.wait(layer=3)
    assert view.root.get_by_role("button", name="Next layer").is_disabled()
    view.choose("view", "model")
    view.wait(view="model")
    assert view.root.locator('[data-layer="0"][data-head="0"]').is_disabled()
    assert view.root.locator('[data-layer="3"][data-head="1"]').is_disabled()
    assert view.alert.count() == 0
    assert view.root.get_by_role("button", name="Retry").count() == 0


def test_a_trace_that_is_not_included_is_no_error(open_file: OpenFile, small: Trace) -> None:
    widget = aw.AttentionWidget(small, view="trace", method="max_flow")
    view = open_file(widget.to_html())
    view.root.locator('[data-level="2"][data-index="4"]').first.click()
    note = view.root.get_by_role("note").filter(has_text="not included in this file")
    note.wait_for()
    assert view.data("state") == "ready"
    assert view.alert.count() == 0
    assert view.root.get_by_role("button", name="Retry").count() == 0
    view.root.locator('[data-level="4"][data-index="6"]').first.click()
    note.wait_for(state="detached")


def test_fusions_that_were_not_computed_are_disabled(open_file: OpenFile, small: Trace) -> None:
    view = open_file(aw.AttentionWidget(small, fusion="max").to_html(methods=["rollout"]))
    view.choose("fusion", "min")  # of attention every fusion is there
    view.choose("method", "rollout")
    view.wait(method="rollout")
    assert view.control("fusion").input_value() == "max"
    assert view.control("fusion").locator('option[value="mean"]').is_disabled()
    assert view.control("discard_ratio").is_disabled()


def test_coverage_hover_and_theme_work(open_file: OpenFile, small: Trace) -> None:
    view = open_file(aw.AttentionWidget(small, heads=[0], theme="light").to_html())
    view.choose("coverage", "1")
    view.settle()
    view.root.get_by_text("showing every connection").or_(
        view.root.get_by_text(re.compile("all|every"))
    ).first.wait_for()
    view.choose("theme", "dark")
    view.page.keyboard.press("Escape")
    assert view.data("scheme") == "dark"
    view.chip(2).hover()
    view.root.get_by_text("Layer 0, head 2").wait_for()
    view.token("key", 4).click()
    assert view.pins() == [{"side": "key", "index": 4}]


def test_streams_can_be_changed(open_file: OpenFile, translation: Trace) -> None:
    view = open_file(aw.AttentionWidget(translation, stream="cross").to_html())
    view.choose("stream", "encoder")
    view.wait(stream="encoder")
    assert view.alert.count() == 0
