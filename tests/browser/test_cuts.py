"""Cuts in the widget: made, seen, undone, shared with Python, and kept in a file."""

from __future__ import annotations

import pytest

import attnwidget as aw
from attnwidget.trace import Trace

from .conftest import Open, OpenFile
from .pages import View

HEAD = {"layers": [0], "heads": [1], "mode": "zero"}


@pytest.fixture(scope="module")
def induction() -> Trace:
    return aw.demo("induction")


def panel(view: View) -> str:
    return view.root.get_by_role("region", name="Cuts").inner_text()


def change(view: View) -> str:
    view.root.locator('.aw-change[data-current="true"]').wait_for()
    return view.root.locator(".aw-change p").first.inner_text()


def test_a_head_is_cut_seen_and_undone(open_widgets: Open, induction: Trace) -> None:
    widget = aw.AttentionWidget(induction, layer=0)
    page = open_widgets(widget)
    view = page.view()
    assert "Pin tokens or choose heads" in panel(view)
    view.chip(1).click()
    view.control("cut_head").click()
    page.wait_until(lambda: len(widget.cuts) == 1)
    assert widget.cuts[0]["heads"] == [1]
    found = aw.knockout(induction, aw.Cut(**HEAD))
    assert f"{found.value_after:.3g}" in change(view)
    view.root.locator('[data-head="1"][data-cut]').first.wait_for()
    before = widget.scores()

    view.choose("run", "after")
    page.wait_until(lambda: widget.run == "after")
    view.rest()
    assert view.root.get_by_role("alert").count() == 0
    view.root.get_by_role("button", name="Undo: head 1").click()
    page.wait_until(lambda: widget.cuts == [] and widget.run == "before")
    view.root.locator("[data-cut]").first.wait_for(state="detached")
    assert (widget.scores() == before).all()


def test_tokens_and_lines_are_cut_one_by_one(open_widgets: Open, induction: Trace) -> None:
    widget = aw.AttentionWidget(induction, layer=1)
    page = open_widgets(widget)
    view = page.view()
    view.token("key", 3).click()
    view.control("cut_key").click()
    page.wait_until(lambda: len(widget.cuts) == 1)
    assert widget.cuts[0]["keys"] == [3]
    assert widget.cuts[0]["layers"] is None
    view.root.locator('[data-side="key"][data-index="3"][data-cut]').wait_for()
    view.token("query", 16).click()
    view.choose("cut_layers", "this")
    view.control("cut_line").click()
    page.wait_until(lambda: len(widget.cuts) == 2)
    assert widget.cuts[1]["queries"] == [16]
    assert widget.cuts[1]["layers"] == [1]
    cuts = [aw.Cut.from_json(cut) for cut in widget.cuts]
    assert f"{aw.knockout(induction, cuts).value_after:.3g}" in change(view)
    view.control("undo_cuts").click()
    page.wait_until(lambda: widget.cuts == [])


@pytest.mark.parametrize("name", ["matrix", "neuron", "model", "trace"])
def test_cuts_of_python_are_marked_in_every_view(
    open_widgets: Open, induction: Trace, name: str
) -> None:
    widget = aw.AttentionWidget(induction, name, layer=0, cuts=[HEAD, {"keys": [3]}])
    view = open_widgets(widget).view()
    view.root.locator(".aw-picture [data-cut]").first.wait_for(state="attached")
    assert "‘" in panel(view)
    widget.run = "after"
    view.root.locator('[name="run"][value="after"]:checked').wait_for(state="attached")
    view.rest()
    assert view.root.get_by_role("alert").count() == 0


def test_a_file_keeps_the_cuts_and_their_effect(open_file: OpenFile, induction: Trace) -> None:
    widget = aw.AttentionWidget(induction, cuts=[HEAD])
    view = open_file(widget.to_html())
    found = aw.knockout(induction, aw.Cut(**HEAD))
    assert f"{found.value_after:.3g}" in change(view)
    assert "need the model, which is not in this file" in panel(view)
    assert view.root.get_by_role("button", name="Undo").count() == 0


def test_the_difference_of_both_runs_is_shown_and_kept_in_a_file(
    open_widgets: Open, open_file: OpenFile, induction: Trace
) -> None:
    widget = aw.AttentionWidget(induction, layer=1, cuts=[HEAD])
    page = open_widgets(widget)
    view = page.view()
    change(view)
    view.choose("run", "difference")
    page.wait_until(lambda: widget.run == "difference")
    view.wait(layer=1)
    view.root.get_by_text("less than before").first.wait_for()
    view.rest()
    shown = view.root.locator(".aw-shares").inner_text()
    cut = aw.knockout(induction, aw.Cut(**HEAD)).trace
    changes = (cut.attention(1) - induction.attention(1)).mean(0)
    received = changes.sum(0) / int((changes != 0).any(1).sum())  # the mean over rows that change
    assert f"{float(received[received.abs().argmax()]):+.3g}".replace("-", "−") in shown
    view.choose("view", "trace")
    view.root.get_by_text("shows one run at a time").wait_for()
    assert view.root.get_by_role("alert").count() == 0
    widget.view = "head"
    view = open_file(widget.to_html())
    assert "Change in attention" in view.root.locator(".aw-inspector").inner_text()
    # Values in a file are good to 1 part in 590.
    assert view.root.locator(".aw-shares").inner_text().split("\n")[:2] == shown.split("\n")[:2]
