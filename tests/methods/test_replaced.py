"""Tokens replaced in a trace, against a capture of the other text."""

from __future__ import annotations

import pytest
import torch

import attnwidget as aw
from attnwidget.demos.load import load
from attnwidget.trace import Trace

TEXT = "[<>](<[MASK])"
OTHER = "[{>](<[MASK])"


def of(text: str) -> Trace:
    model, tokenizer = load("brackets")
    return aw.capture(model, text, tokenizer=tokenizer)


def test_it_is_the_trace_of_the_other_text() -> None:
    found, other = aw.replaced(of(TEXT), {2: "{"}), of(OTHER)
    assert found.tokens == other.tokens
    for layer in range(other.num_layers):
        torch.testing.assert_close(found.attention(layer), other.attention(layer))
    assert found.predictions(top=3) == other.predictions(top=3)
    torch.testing.assert_close(aw.effects(found, 1), aw.effects(other, 1))
    assert "‘{’ in place of ‘<’ at 2" in found.notes
    assert aw.knockout(found, aw.Cut(0, 1, mode="zero")).change == pytest.approx(
        aw.knockout(other, aw.Cut(0, 1, mode="zero")).change, abs=1e-5
    )


def test_names_stay_and_the_trace_is_left_as_it_was() -> None:
    trace = of(TEXT)
    before = trace.attention(1)
    named = trace.with_tokens([f"t{at}" for at in range(len(trace.tokens))])
    found = aw.replaced(named, {-3: "["})
    assert found.tokens[:5] == ["t0", "t1", "t2", "t3", "t4"]
    assert found.tokens[-3] == "["
    torch.testing.assert_close(trace.attention(1), before)
    widget = aw.compare(named, found, layer=1)
    assert len(widget.current_stream.queries) == len(trace.tokens) - 1


@pytest.mark.parametrize(
    ("tokens", "message"),
    [
        ({}, "mapping of positions"),
        ({2: "<"}, "nothing is replaced"),
        ({2: "no such token"}, "no such token"),
        ({2: 1.5}, "a text or an index"),
        ([("a", "b")], "mapping of positions"),
    ],
)
def test_what_cannot_be_replaced_is_refused(tokens: object, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        aw.replaced(of(TEXT), tokens)  # type: ignore[arg-type]


def test_missing_places_tokens_and_models_are_refused() -> None:
    trace = of(TEXT)
    with pytest.raises(IndexError, match="position 40 is out of range"):
        aw.replaced(trace, {40: "<"})
    with pytest.raises(IndexError, match="token"):
        aw.replaced(trace, {2: 10**6})
    cut = aw.knockout(trace, aw.Cut(0, 1, mode="zero")).trace
    with pytest.raises(ValueError, match="before attention is cut"):
        aw.replaced(cut, {2: "{"})
    given = Trace.from_attentions([torch.eye(3)[None]], ["a", "b", "c"])
    with pytest.raises(ValueError, match="runs the model again"):
        aw.replaced(given, {0: "b"})
