"""The list of heads to look at first: it comes after the picture, and each entry goes there."""

from __future__ import annotations

import pytest

import attnwidget as aw
from attnwidget.trace import Trace

from .conftest import Open, OpenFile
from .pages import View


@pytest.fixture(scope="module")
def induction() -> Trace:
    return aw.demo("induction")


def entry(view: View, kind: str):
    return view.root.locator(f'[data-finding="{kind}"]').first


def test_it_says_what_is_predicted_and_goes_to_the_head(open_widgets: Open, induction) -> None:
    widget = aw.AttentionWidget(induction)
    page = open_widgets(widget)
    view = page.view()
    view.root.locator(".aw-look").wait_for()
    assert "predicts ‘honey’" in view.root.locator(".aw-look").inner_text()
    assert view.root.locator(".aw-look").get_by_text("Induction").count() == 1

    found = next(each for each in aw.findings(induction) if each.kind == "induction")
    entry(view, "induction").click()
    page.wait_until(lambda: (widget.layer, widget.heads) == (found.layer, [found.head]))
    pinned = [{"side": "query", "index": found.query}]
    page.wait_until(lambda: widget.tokens_selected == pinned)
    view.wait(layer=found.layer, method="attention")
    assert entry(view, "induction").get_attribute("aria-pressed") == "true"


def test_every_entry_goes_there_from_every_view_and_back(open_widgets: Open, induction) -> None:
    widget = aw.AttentionWidget(induction, hide_first=True)
    page = open_widgets(widget)
    view = page.view()
    view.root.locator(".aw-look .aw-link").click()
    found = {each.kind: each for each in reversed(aw.findings(induction))}
    assert view.root.locator("[data-finding]").count() == len(aw.findings(induction))
    for name in ("trace", "matrix", "neuron", "model", "head"):
        for kind in ("contribution", "previous token", "contribution"):
            view.choose("view", name)
            view.wait(view=name)
            page.rest()
            entry(view, kind).click()
            there = name if name in ("matrix", "neuron", "head") else "head"
            view.wait(view=there, layer=found[kind].layer)
            wanted = (there, found[kind].layer, [found[kind].head])
            page.wait_until(
                lambda wanted=wanted: (widget.view, widget.layer, widget.heads) == wanted
            )
            assert view.alert.count() == 0


def test_keys_reach_it_and_it_folds(open_widgets: Open, induction) -> None:
    widget = aw.AttentionWidget(induction)
    page = open_widgets(widget)
    view = page.view()
    entry(view, "induction").focus()
    page.page.keyboard.press("Enter")
    page.wait_until(lambda: widget.layer == 1)
    view.root.locator(".aw-look summary").focus()
    page.page.keyboard.press("Enter")
    entry(view, "induction").wait_for(state="hidden")
    page.page.keyboard.press("Space")
    entry(view, "induction").wait_for(state="visible")


def test_a_trace_with_nothing_to_say_has_no_list(open_widgets: Open) -> None:
    rows = aw.synthetic(12, "uniform", noise=0.0)
    trace = Trace.from_attentions([rows], [f"word{place}" for place in range(12)])
    page = open_widgets(aw.AttentionWidget(trace))
    view = page.view()
    view.rest()
    assert view.root.locator(".aw-look").count() == 0


def test_a_file_has_it_without_a_kernel(open_file: OpenFile, induction) -> None:
    view = open_file(aw.AttentionWidget(induction).to_html())
    view.root.locator(".aw-look").wait_for()
    assert "predicts ‘honey’" in view.root.locator(".aw-look").inner_text()
    entry(view, "induction").click()
    view.wait(layer=1)
    assert view.chosen_heads() == [3]
    entry(view, "contribution").click()
    view.wait(layer=1)
    assert view.alert.count() == 0


def test_a_new_target_has_other_findings(open_widgets: Open, induction) -> None:
    widget = aw.AttentionWidget(induction)
    page = open_widgets(widget)
    view = page.view()
    view.root.locator(".aw-look").wait_for()
    widget.target = {"kind": "logit", "position": 12, "index": None}
    view.root.locator(".aw-predicted", has_text="at 12").wait_for()
