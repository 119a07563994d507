"""The command that tries every architecture tells right from wrong; see docs/architectures.md."""

import pytest
import torch

from attnwidget.capture.attention import recorder
from attnwidget.trace.dense import DenseLayer
from scripts.architectures.attempt import attempt
from scripts.architectures.table import page


@pytest.mark.parametrize(
    ("model_type", "outcome", "words"),
    [
        ("bert", "exact", "self (4 x 4)"),
        ("falcon", "dense", "self (4 x 4)"),
        ("t5", "exact", "encoder (4 x 4), decoder (4 x 4), cross (4 x 4)"),
        ("gpt_oss", "exact", "self (4 x 4)"),
        ("jamba", "exact", "self (2 x 4)"),
        ("segformer", "exact", "self 1 (2 x 1), self 2 (2 x 2)"),
        ("longt5", "dense", "encoder (4 x 4), decoder (4 x 4), cross (4 x 4)"),
        ("mobilevitv2", "refused", "No attention could be caught"),
        ("resnet", "none", "no attention"),
        ("rwkv", "none", "recurrent"),
        ("bert_of_nobody", "not made", "bert_of_nobody"),
    ],
)
def test_what_becomes_of_an_architecture(model_type, outcome, words):
    found = attempt(model_type)
    assert found.outcome == outcome, found
    assert words in found.words


def test_wrong_weights_are_seen(monkeypatch):
    kept = recorder.DenseLayer
    monkeypatch.setattr(
        recorder,
        "DenseLayer",
        lambda weights: kept(torch.full_like(weights, 1 / weights.shape[-1])),
    )
    assert kept is DenseLayer
    found = attempt("falcon")
    assert found.outcome == "wrong"
    assert "is off by" in found.words


def test_the_page_counts_and_keeps_cells_apart():
    found = [attempt("bert"), attempt("resnet")]
    text = page(found)
    assert "1 of the 1 that were tried" in text
    assert "| bert | BertLMHeadModel | exact |" in text
