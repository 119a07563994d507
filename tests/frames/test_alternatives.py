"""Frames of the tokens that a model would put in the place of one."""

from __future__ import annotations

import pytest
import torch
from transformers import GPT2Config, GPT2LMHeadModel

import attnwidget as aw
from attnwidget.frames import ComparedWorkspace, Workspace, make_frame
from tests.capture.small_tokenizers import SENTENCE, byte_level
from tests.frames.traces import pair_trace


def test_they_are_the_alternatives_with_the_token_that_is_there() -> None:
    trace = aw.demo("brackets")
    frame = make_frame(Workspace(trace), {"kind": "alternatives", "index": 2})
    found = aw.alternatives(trace, 2, 8)
    assert [each["text"] for each in frame.fields["predictions"]] == [
        each.text for each in found.entries
    ]
    current = {each.index: each.text for each in aw.alternatives(trace, 2, 99).entries}
    assert current[frame.fields["current"]] == trace.tokens[2]
    assert frame.want == {"kind": "alternatives", "stream": "self", "index": 2}


def test_a_text_begins_as_the_piece_that_is_there() -> None:
    tokenizer = byte_level()
    torch.manual_seed(0)
    sizes = {"n_embd": 16, "n_layer": 1, "n_head": 2}
    model = GPT2LMHeadModel(GPT2Config(vocab_size=len(tokenizer), **sizes)).eval()
    trace = aw.capture(model, SENTENCE, tokenizer=tokenizer)
    pieces = trace.stacks[0].keys.raw
    vocabulary = tokenizer.get_vocab()
    for piece, text, expected in (
        ("Ġwalk", "caf", "Ġcaf"),
        ("Ġwalk", " caf", "Ġcaf"),
        ("Ġwalk", "The", "The"),
        ("ed", "The", "The"),
    ):
        want = {"kind": "alternatives", "index": pieces.index(piece), "text": text}
        frame = make_frame(Workspace(trace), want)
        assert frame.fields["named"] == vocabulary[expected]
        listed = {each["index"] for each in frame.fields["predictions"]}
        assert vocabulary[expected] in listed
    want = {"kind": "alternatives", "index": 1, "text": "two words"}
    with pytest.raises(ValueError, match="The replacement names 'two words', which is"):
        make_frame(Workspace(trace), want)


def test_where_the_model_proposes_none_it_says_why_and_takes_a_text() -> None:
    trace = aw.demo("dates")
    want = {"kind": "alternatives", "stream": "encoder", "index": 3, "text": "7"}
    frame = make_frame(Workspace(trace), want)
    assert frame.fields["predictions"] == []
    assert "proposes none" in frame.fields["why"]
    assert isinstance(frame.fields["named"], int)
    with pytest.raises(ValueError, match="runs the model again"):
        make_frame(Workspace(pair_trace()), {"kind": "alternatives", "index": 0})


def test_predictions_are_compared_at_the_mask_that_an_edit_makes() -> None:
    trace = aw.reworded(aw.demo("brackets"), "[<>](<[])")
    masked = aw.replaced(trace, {2: "[MASK]"})
    frame = make_frame(ComparedWorkspace(trace, masked), {"kind": "knockout", "cuts": []})
    assert frame.fields["position"] == 2
    best = masked.predictions(2).entries[0]
    after = {each["text"]: each["after"] for each in frame.fields["predictions"]}
    assert after[best.text]["probability"] == pytest.approx(best.probability, abs=1e-5)


def test_a_second_mask_does_not_move_the_target() -> None:
    trace = aw.demo("brackets")
    masked = aw.replaced(trace, {2: "[MASK]"})
    frame = make_frame(ComparedWorkspace(trace, masked), {"kind": "knockout", "cuts": []})
    assert frame.fields["position"] == 13
    best = masked.predictions(13).entries[0]
    after = {each["text"]: each["after"] for each in frame.fields["predictions"]}
    assert after[best.text]["probability"] == pytest.approx(best.probability, abs=1e-5)


def test_a_longer_text_predicts_at_its_own_end() -> None:
    trace = aw.demo("induction")
    other = aw.reworded(trace, "honey river bridge honey river")
    frame = make_frame(ComparedWorkspace(trace, other), {"kind": "knockout", "cuts": []})
    best = other.predictions().entries[0]
    after = {each["text"]: each["after"] for each in frame.fields["predictions"]}
    assert after[best.text]["probability"] == pytest.approx(best.probability, abs=1e-5)
