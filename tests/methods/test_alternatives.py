"""Tokens proposed in the place of others, against the predictions of whole runs."""

from __future__ import annotations

import pytest
import torch
from transformers import BertConfig, BertModel

import attnwidget as aw
from attnwidget.demos.load import load


def test_a_model_that_fills_masks_predicts_at_a_mask() -> None:
    trace = aw.demo("brackets")
    found = aw.alternatives(trace, 2, 4)
    masked = aw.replaced(trace, {2: "[MASK]"}).predictions(2, 4)
    assert [each.text for each in found.entries] == [each.text for each in masked.entries]
    for one, other in zip(found.entries, masked.entries, strict=True):
        assert one.probability == pytest.approx(other.probability, abs=1e-6)


def test_a_model_that_writes_predicts_from_what_precedes() -> None:
    trace = aw.demo("induction")
    assert aw.alternatives(trace, 12, 5).entries == trace.predictions(11, 5).entries
    assert aw.alternatives(trace, -1, 5).entries == trace.predictions(15, 5).entries
    with pytest.raises(ValueError, match="Nothing stands before"):
        aw.alternatives(trace, 0)


def test_others_are_listed_with_their_probability() -> None:
    for name, place in (("brackets", 2), ("induction", 12)):
        trace = aw.demo(name)
        everything = {each.text: each for each in aw.alternatives(trace, place, 1000).entries}
        text = list(everything)[-1].strip()
        found = aw.alternatives(trace, place, 3, including=[text]).entries
        assert len(found) == 4
        assert found[-1].probability == pytest.approx(
            everything[list(everything)[-1]].probability, abs=1e-9
        )
    with pytest.raises(ValueError, match="The replacement names 'a b', which is"):
        aw.alternatives(aw.demo("brackets"), 2, including=["a b"])


def test_the_decoder_proposes_and_the_encoder_does_not() -> None:
    trace = aw.demo("dates")
    decoder = aw.alternatives(trace, 3, 4, stream="decoder")
    assert decoder.entries == trace.predictions(2, 4).entries
    with pytest.raises(ValueError, match="predicts no tokens in the place of these"):
        aw.alternatives(trace, 3, stream="encoder")


def test_a_model_without_a_vocabulary_proposes_none() -> None:
    _, tokenizer = load("brackets")
    torch.manual_seed(0)
    config = BertConfig(
        vocab_size=32, hidden_size=16, num_hidden_layers=1, num_attention_heads=2,
        intermediate_size=16,
    )  # fmt: skip
    trace = aw.capture(BertModel(config).eval(), "[<>]", tokenizer=tokenizer)
    with pytest.raises(ValueError, match="proposes none"):
        aw.alternatives(trace, 1)
