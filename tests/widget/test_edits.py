"""The trait of edits: tokens replaced, another text, and the run on the screen."""

from __future__ import annotations

import pytest
import torch
from traitlets import TraitError

import attnwidget as aw
from attnwidget.demos.load import load
from attnwidget.trace import Trace
from tests.frames.traces import pair_trace
from tests.widget.comm import connect


@pytest.fixture(scope="module")
def brackets() -> Trace:
    return aw.demo("brackets")


def fresh(name: str, text: str) -> Trace:
    model, tokenizer = load(name)
    return aw.capture(model, text, tokenizer=tokenizer)


def test_replaced_tokens_are_shown_as_a_capture_of_the_text(brackets: Trace) -> None:
    widget = aw.AttentionWidget(brackets, layer=1, edits={1: "{", -3: "]"})
    other = fresh("brackets", "{<>](<[{()}]])")
    assert widget.run == "after"
    assert [each["index"] for each in widget.edits] == [1, 13]
    assert {type(each["token"]) for each in widget.edits} == {int}
    assert widget.edited is not None
    assert widget.edited.tokens == other.tokens
    torch.testing.assert_close(widget.scores(), other.attention(1).mean(0))
    widget.run = "before"
    torch.testing.assert_close(widget.scores(), brackets.attention(1).mean(0))
    widget.run = "difference"
    same = [at for at in range(16) if at not in (1, 13)]
    change = (other.attention(1) - brackets.attention(1))[:, same][..., same]
    torch.testing.assert_close(widget.scores(), change.mean(0))
    widget.edits = []
    assert (widget.run, widget.edited) == ("before", None)
    torch.testing.assert_close(widget.scores(), brackets.attention(1).mean(0))


def test_a_text_takes_the_place_of_what_was_edited_before(brackets: Trace) -> None:
    widget = aw.AttentionWidget(brackets, layer=1)
    widget.edits = "[{}](<[MASK])"
    assert widget.edits == [{"text": "[{}](<[MASK])", "text_pair": None}]
    torch.testing.assert_close(
        widget.scores(), fresh("brackets", "[{}](<[MASK])").attention(1).mean(0)
    )
    widget.edits = [*widget.edits, {"index": 2, "token": "<"}]
    other = fresh("brackets", "[<}](<[MASK])")
    torch.testing.assert_close(widget.scores(), other.attention(1).mean(0))
    assert "‘{’ → ‘<’ at 2" in repr(widget)
    widget.edits = [*widget.edits, {"text": "[]"}]
    assert widget.edits == [{"text": "[]", "text_pair": None}]
    assert len(widget.scores()) == 4


def test_a_token_put_back_is_no_edit(brackets: Trace) -> None:
    widget = aw.AttentionWidget(brackets, edits={1: "{"})
    widget.edits = [*widget.edits, {"index": 2, "token": "{"}]
    widget.edits = [*widget.edits, {"index": 1, "token": "["}]
    assert [each["index"] for each in widget.edits] == [2]
    widget.edits = {2: "<"}
    assert widget.edits == []


@pytest.mark.parametrize(
    ("edits", "message"),
    [
        ("", "text is empty"),
        ("[" * 3000, "takes at most"),
        ({99: "["}, "index 99 is out of range"),
        ({1: "( ["}, "which is"),
        ({1: 9999}, "token 9999 is out of range"),
        ([{"index": 1}], "edits must be"),
        ([{"text": 3}], "edits must be"),
        ([{"text": "[]", "index": 1}], "edits must be"),
        ([{"stream": "cross", "index": 1, "token": "["}], "stream must be one of self"),
        (7, "edits must be"),
    ],
)
def test_impossible_edits_change_nothing(brackets: Trace, edits: object, message: str) -> None:
    widget = aw.AttentionWidget(brackets, edits={1: "{"}, tokens_selected=[])
    before, about = widget.edits, widget.about
    with pytest.raises(TraitError, match=message):
        widget.edits = edits
    assert widget.edits == before
    assert widget.about is about


def test_edits_need_a_model_and_one_run_beside() -> None:
    widget = aw.AttentionWidget(pair_trace())
    assert widget.about["edit"] is None
    with pytest.raises(TraitError, match="runs the model again, and this trace has none"):
        widget.edits = "another text"
    trace = aw.demo("induction")
    cut = aw.Cut(layers=0, heads=1, mode="zero")
    widget = aw.AttentionWidget(trace, cuts=[cut])
    with pytest.raises(TraitError, match="three runs"):
        widget.edits = {2: "tiger"}
    widget.cuts = []
    widget.edits = {2: "tiger"}
    with pytest.raises(TraitError, match=r"AttentionWidget\(widget.edited\)"):
        widget.cuts = [cut]
    assert aw.AttentionWidget(widget.edited, cuts=[cut]).cuts
    compared = aw.compare(trace, trace)
    with pytest.raises(TraitError, match="Two traces are compared"):
        compared.edits = {2: "tiger"}


def test_pins_follow_their_tokens() -> None:
    trace = aw.demo("induction")
    pins = [{"side": "key", "index": 3}, {"side": "query", "index": 9}]
    widget = aw.AttentionWidget(trace, tokens_selected=pins)
    widget.edits = {3: "tiger"}
    assert widget.tokens_selected == pins
    widget.edits = []
    widget.edits = "plum honey river bridge marble"
    assert widget.tokens_selected == [{"side": "key", "index": 4}]
    widget.edits = []
    assert widget.tokens_selected == [{"side": "key", "index": 3}]


def test_texts_without_a_token_in_common_have_no_difference() -> None:
    model, tokenizer = load("brackets")
    ids = {"input_ids": torch.tensor([[11, 12]])}
    trace = aw.capture(model, ids, tokenizer=tokenizer)
    widget = aw.AttentionWidget(trace, edits={0: "{", 1: "}"}, run="after")
    assert "difference" not in widget.about["runs"]
    with pytest.raises(TraitError, match="share no token"):
        widget.run = "difference"
    assert widget.run == "after"
    assert len(widget.scores()) == 2


def test_a_target_stays_where_it_is_in_both_texts_or_is_reset() -> None:
    trace = aw.demo("induction")
    target = {"kind": "log_prob", "position": 4, "index": 5}
    widget = aw.AttentionWidget(trace, method="effects", target=target, edits={2: "tiger"})
    assert widget.target == target
    other = widget.edited
    assert other is not None
    torch.testing.assert_close(
        widget.scores(), aw.effects(other, 0, target=("log_prob", 4, 5)).mean(0)
    )
    widget.edits = "plum honey river bridge marble candle velvet"
    assert widget.target is None
    assert any("the default one now" in note for note in widget.about["runs"]["after"]["notes"])
    with pytest.raises(TraitError, match="one place for both"):
        widget.target = target
    torch.testing.assert_close(widget.scores(), aw.effects(widget.edited, 0).mean(0))


def test_the_browser_gets_one_message_with_a_new_edition(brackets: Trace) -> None:
    widget = aw.AttentionWidget(brackets)
    comm = connect(widget)
    widget.edits = {1: "{"}
    ((state, _),) = comm.take("update")
    assert {"edits", "about", "run", "snapshot"} <= set(state)
    assert state["snapshot"] is None
    assert state["about"]["edition"] == 1
    assert state["about"]["edits"] == ["‘[’ → ‘{’ at 1"]
    widget.edits = []
    assert widget.about["edition"] == 2
    widget.close()


def test_exported_files_hold_the_run_on_the_screen(brackets: Trace) -> None:
    widget = aw.AttentionWidget(brackets, edits={1: "{"})
    assert "‘{’ in place of ‘[’ at 1" in widget.to_svg()
    page = widget.to_html()
    widget.run = "before"
    assert widget.to_html() != page
    assert "in place of" not in widget.to_svg()
