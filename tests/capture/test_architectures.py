"""The command that tries every architecture tells right from wrong; see docs/architectures.md."""

import pytest
import torch

from attnwidget.capture.attention import recorder
from attnwidget.trace.dense import DenseLayer
from scripts.architectures import attempt as attempt_module
from scripts.architectures.attempt import Attempt, attempt, attempt_in_time
from scripts.architectures.kept_attempts import keep_attempt, kept_attempts
from scripts.architectures.small_model import running
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
        ("siglip_text_model", "exact", "self (4 x 4)"),
        ("qwen2_vl", "exact", "text (4 x 4), vision (4 x 4)"),
        ("blip_2_qformer", "exact", "self (4 x 4), cross (2 x 4)"),
        ("phi4_multimodal_vision", "exact", "transformers computes it otherwise with SDPA"),
        ("timm_wrapper", "not made", "needs timm"),
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
    found = [attempt("bert"), attempt("resnet"), attempt("timm_wrapper")]
    text = page(found)
    assert "| timm_wrapper | needs timm, which is not installed |" in text
    assert "1 of the 1 that were tried" in text
    assert "| bert | BertLMHeadModel | exact | self (4 x 4) | returned (4) |" in text
    assert "0 of these have layers that nothing could be compared with" in text


def test_an_error_of_the_model_is_told_as_a_reason_of_the_command(monkeypatch):
    monkeypatch.setattr(attempt_module, "running", _failing)
    assert attempt("bert").words == (
        "no small config and drawn inputs were found that fit each other; the first that were "
        "tried raise RuntimeError: sizes differ"
    )


def test_an_error_of_the_check_ends_no_run(monkeypatch):
    monkeypatch.setattr(attempt_module, "attempt", lambda _: next(iter(())))
    found = attempt_in_time("bert")
    assert found.outcome == "raw error"
    assert "the check itself failed: StopIteration" in found.words


def _failing(model_type):
    raise RuntimeError("sizes differ")


def test_the_inputs_hold_an_image_and_as_many_tokens_for_it():
    model, inputs = running("llava")
    features = model.get_image_features(pixel_values=inputs["pixel_values"]).pooler_output
    stands = inputs["input_ids"] == model.config.image_token_id
    assert int(stands.sum()) == sum(len(each) for each in features) > 0


def test_what_was_found_is_kept_and_the_newest_of_each_read(tmp_path):
    path = tmp_path / "build" / "found.jsonl"
    found = [
        Attempt("bert", "BertModel", "refused", "an old error"),
        Attempt("t5", "T5Model", "exact", "encoder"),
        Attempt("bert", "BertModel", "exact", "self"),
    ]
    assert kept_attempts(path, ["bert"]) == []
    for each in found:
        keep_attempt(path, each)
    assert kept_attempts(path, ["bert"]) == [found[2]]
