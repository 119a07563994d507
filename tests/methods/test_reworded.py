"""Another text in the same model, against a capture of that text."""

from __future__ import annotations

import pytest
import torch

import attnwidget as aw
from attnwidget.demos.demo import EXAMPLES
from attnwidget.demos.load import load
from attnwidget.trace import Trace

OTHER = {
    "brackets": "[{}](<[MASK])",
    "induction": "river bridge marble river bridge",
    "dates": "Monday, May 3, 2020",
}


def assert_same(one: Trace, other: Trace) -> None:
    assert one.streams == other.streams
    for name in one:
        assert one[name].query_tokens == other[name].query_tokens
        assert one[name].key_tokens == other[name].key_tokens
        for layer in range(one[name].num_layers):
            torch.testing.assert_close(one[name].attention(layer), other[name].attention(layer))
    assert one.predictions() == other.predictions()


@pytest.mark.parametrize("name", list(OTHER))
def test_it_is_the_trace_of_a_capture(name: str) -> None:
    model, tokenizer = load(name)
    made = aw.reworded(aw.demo(name), OTHER[name])
    assert_same(made, aw.capture(model, OTHER[name], tokenizer=tokenizer))
    assert made.model_name == f"attnwidget demo: {name}"
    torch.testing.assert_close(
        aw.gradient_flow(made, -1),
        aw.gradient_flow(aw.capture(model, OTHER[name], tokenizer=tokenizer), -1),
    )


def test_the_decoder_keeps_the_text_that_it_was_given() -> None:
    model, tokenizer = load("dates")
    first, second = (
        aw.capture(model, text, tokenizer=tokenizer, decoder_text="2020-01-01")
        for text in ("Monday, May 3, 2020", "Friday, June 5, 2020")
    )
    assert_same(aw.reworded(first, "Friday, June 5, 2020"), second)


@pytest.mark.parametrize("name", list(OTHER))
def test_the_text_to_edit_is_the_one_that_was_given(name: str) -> None:
    trace = aw.reworded(aw.demo(name), OTHER[name])
    assert trace.reruns is not None
    assert trace.reruns.editing().texts == (OTHER[name],)


def test_the_text_of_replaced_tokens_gives_these_tokens_again() -> None:
    for name, token in (("brackets", "{"), ("induction", "tiger"), ("dates", "7")):
        other = aw.replaced(aw.demo(name), {4: token})
        assert other.reruns is not None
        (text,) = other.reruns.editing().texts
        assert aw.reworded(other, text).key_tokens == other.key_tokens


def test_a_target_stays_at_its_token() -> None:
    trace = aw.demo("induction").with_target(("log_prob", -2, 5))
    longer = aw.reworded(trace, "plum " + EXAMPLES["induction"])
    assert longer.target == ("log_prob", len(longer.tokens) - 2, 5)
    gone = aw.reworded(trace.with_target(("log_prob", 3, 5)), "honey")
    assert gone.target is None
    assert "the target was at tokens that this text does not have" in gone.notes[-1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "text is empty"),
        (" \n", "text is empty"),
        ("a " * 5000, "takes at most"),
        (7, "string"),
    ],
)
def test_texts_that_cannot_be_read_are_refused(text: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        aw.reworded(aw.demo("induction"), text)


def test_other_inputs_are_refused() -> None:
    model, tokenizer = load("brackets")
    ids = tokenizer("[<>]", return_tensors="pt")
    without = aw.capture(model, {**ids})
    with pytest.raises(ValueError, match="tokenizer="):
        aw.reworded(without, "[]")
    arrays = aw.Trace.from_attentions([torch.eye(2)[None]], ["a", "b"])
    with pytest.raises(ValueError, match="capture the model again"):
        aw.reworded(arrays, "[]")
    known = aw.capture(model, {**ids}, tokenizer=tokenizer)
    assert aw.reworded(known, "[]").tokens == aw.capture(model, "[]", tokenizer=tokenizer).tokens
    cut = aw.knockout(known, aw.Cut(layers=0, heads=0, mode="zero")).trace
    with pytest.raises(ValueError, match="knockout"):
        aw.reworded(cut, "[]")
