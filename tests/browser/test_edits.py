"""Edits in the widget: tokens masked and replaced, another text, undone, refused, in a file."""

from __future__ import annotations

import pytest
import torch

import attnwidget as aw
from attnwidget.demos.load import load
from attnwidget.methods.edits import Edit
from attnwidget.methods.progress import Progress
from attnwidget.widget.edited_runs import EditedRuns

from .conftest import Open, OpenFile
from .pages import Opened, View


def fresh(text: str) -> aw.Trace:
    model, tokenizer = load("brackets")
    return aw.capture(model, text, tokenizer=tokenizer)


def section(view: View) -> str:
    return view.root.get_by_role("region", name="Edits").inner_text()


def tokens(view: View) -> list[str]:
    return view.root.locator('[data-side="key"]').all_inner_texts()


def wait_for_edits(page: Opened, widget: aw.AttentionWidget, count: int) -> None:
    page.wait_until(lambda: len(widget.edits) == count)
    edits = page.view().root.get_by_role("list", name="What is edited").get_by_role("listitem")
    page.wait_until(lambda: edits.count() == count)


def test_a_token_is_replaced_masked_and_put_back(open_widgets: Open) -> None:
    widget = aw.AttentionWidget(aw.demo("brackets"), layer=1)
    page = open_widgets(widget)
    view = page.view()
    assert "Pin a token to mask or replace it" in section(view)
    view.token("key", 2).click()
    view.control("open_replace").click()
    proposed = view.control("replace_with")
    proposed.first.wait_for()
    found = aw.alternatives(widget.trace, 2, 8).entries
    assert [int(each.get_attribute("value") or "") for each in proposed.all()] == [
        each.index for each in found
    ]
    revision = int(view.data("revision") or "")
    chosen = next(each for each in found if each.text != widget.trace.tokens[2])
    view.root.locator(f'[name="replace_with"][value="{chosen.index}"]').click()
    wait_for_edits(page, widget, 1)
    view.rest()
    other = fresh("[<>](<[{()}][MASK])".replace("<", chosen.text, 1))
    torch.testing.assert_close(widget.scores(), other.attention(1).mean(0))
    assert tokens(view) == [str(each) for each in other.tokens]
    assert view.pins() == [{"side": "key", "index": 2}]
    assert int(view.data("revision") or "") > revision
    assert view.page.evaluate("document.activeElement.value") == "after"
    assert other.predictions().entries[0].text in section(view)

    view.token("key", 2).click()
    view.token("key", 4).click()
    view.control("mask_token").click()
    wait_for_edits(page, widget, 2)
    view.rest()
    assert tokens(view)[4] == "[MASK]"
    view.root.get_by_role("button", name="Undo: ‘]’ → ‘[MASK]’ at 4").click()
    wait_for_edits(page, widget, 1)
    view.root.get_by_role("button", name="Undo: ").click()
    page.wait_until(lambda: widget.edits == [] and widget.run == "before")
    wait_for_edits(page, widget, 0)
    view.rest()
    assert tokens(view) == widget.trace.tokens
    assert view.root.get_by_role("alert").count() == 0


def test_another_text_is_shown_in_every_display(open_widgets: Open) -> None:
    widget = aw.AttentionWidget(aw.demo("brackets"), layer=2, heads=[1])
    page = open_widgets(widget, views=[0, 0])
    view, other = page.view(0), page.view(1)
    view.control("open_text").click()
    field = view.control("edited_text")
    assert field.input_value() == "[<>](<[{()}][MASK])"
    field.fill("{}(<[MASK])")
    field.press("Enter")
    wait_for_edits(page, widget, 1)
    expected = fresh("{}(<[MASK])")
    for each in (view, other):
        each.rest()
        assert tokens(each) == expected.tokens
        each.wait(layer=2)
    torch.testing.assert_close(widget.scores(), expected.attention(2, [1]))
    other.choose("run", "before")
    page.wait_until(lambda: widget.run == "before")
    page.wait_until(lambda: tokens(view) == widget.trace.tokens)
    view.choose("run", "difference")
    page.wait_until(lambda: widget.run == "difference")
    view.rest()
    assert "show one of the two runs" in section(view)
    widget.edits = []
    page.wait_until(lambda: tokens(other) == widget.trace.tokens)
    assert view.root.get_by_role("alert").count() == 0


def test_what_is_refused_or_cancelled_changes_nothing(
    open_widgets: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    widget = aw.AttentionWidget(aw.demo("brackets"))
    page = open_widgets(widget)
    view = page.view()
    about = widget.about
    view.control("open_text").click()
    view.control("edited_text").fill("<img src=x onerror=alert(1)>" * 200)
    view.control("run_text").click()
    view.alert.get_by_text("takes at most").wait_for()
    view.control("edited_text").fill(" ")
    view.control("run_text").click()
    view.alert.get_by_text("text is empty").wait_for()
    view.control("edited_text").press("Escape")
    assert view.page.evaluate("document.activeElement.name") == "open_text"
    view.token("key", 2).click()
    view.control("open_replace").click()
    view.control("replacement").fill("two tokens")
    view.control("replacement").press("Enter")
    view.alert.get_by_text("edit the text").wait_for()

    def endless(_runs: EditedRuns, _edits: list[Edit], progress: Progress = None) -> list[Edit]:
        assert callable(progress)
        while True:
            progress(0, 1)

    monkeypatch.setattr(EditedRuns, "prepared", endless)
    view.control("mask_token").click()
    view.control("cancel_edit").click()
    view.control("cancel_edit").wait_for(state="detached")
    assert widget.edits == []
    assert widget.about is about
    assert tokens(view) == widget.trace.tokens


def test_a_file_holds_the_run_on_the_screen(open_file: OpenFile) -> None:
    widget = aw.AttentionWidget(aw.demo("brackets"), edits={2: "{"})
    view = open_file(widget.to_html())
    assert tokens(view)[2] == "{"
    said = section(view)
    assert "‘<’ → ‘{’ at 2" in said
    assert "Other edits need the model, which is not in this file" in said
    assert widget.edited is not None
    assert widget.edited.predictions().entries[0].text in said
    assert view.root.get_by_role("button", name="Undo").count() == 0
    widget.run = "before"
    view = open_file(widget.to_html())
    assert tokens(view)[2] == "<"
    assert view.root.get_by_role("region", name="Edits").count() == 0


def test_arrays_say_that_the_model_is_not_here(open_widgets: Open) -> None:
    trace = aw.Trace.from_attentions([torch.full((1, 3, 3), 1 / 3)], ["a", "b", "c"])
    view = open_widgets(aw.AttentionWidget(trace)).view()
    assert view.root.get_by_role("region", name="Edits").count() == 0
    view.token("key", 1).click()
    view.root.get_by_text("the model has to run again, and it is not here").wait_for()
