"""Divergences of predictions, against torch.nn.functional.kl_div."""

import pytest
import torch
from torch.nn import functional

import attnwidget as aw
from attnwidget.frames import ComparedWorkspace, make_frame
from attnwidget.trace.divergence import Outcome, divergence, divergence_between
from tests.capture.small_modules import IDS
from tests.capture.small_modules import bert as small_bert
from tests.capture.small_modules import llama as small_llama


def drawn(rows=2, size=9, seed=0):
    return 4 * torch.randn(rows, size, generator=torch.Generator().manual_seed(seed))


def by_torch(before, after):
    """KL(before || after): kl_div takes the logarithms of the second distribution first."""
    logs = (after.log_softmax(-1), before.log_softmax(-1))
    return float(functional.kl_div(*logs, reduction="sum", log_target=True))


def test_softmax_is_that_of_torch_and_has_a_direction():
    before, after = drawn(seed=1), drawn(seed=2)
    assert divergence(before, after, "softmax") == pytest.approx(by_torch(before, after), rel=1e-5)
    there, back = divergence(before, after, "softmax"), divergence(after, before, "softmax")
    assert there != pytest.approx(back, rel=1e-2)
    assert divergence(before, before, "softmax") == 0
    assert divergence(before, after, "identity") is None


def test_sigmoids_are_a_distribution_for_each_class():
    before, after = drawn(seed=1), drawn(seed=2)
    expected = sum(
        by_torch(torch.stack([a, torch.zeros(())])[None], torch.stack([b, torch.zeros(())])[None])
        for a, b in zip(before.flatten(), after.flatten(), strict=True)
    )
    assert divergence(before, after, "sigmoid") == pytest.approx(expected, rel=1e-4)


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (Outcome(None, "softmax"), "no logits"),
        (Outcome(drawn(), "identity"), "a score has no probabilities"),
        (Outcome(drawn(size=8), "softmax", {"a": 0}), "different vocabularies"),
        (Outcome(drawn(), "softmax", {"b": 0}), "different vocabularies"),
        (Outcome(drawn(rows=1), "softmax", {"a": 0}), "different numbers of positions"),
    ],
)
def test_what_is_no_divergence_says_why(other, reason):
    assert reason in divergence_between(Outcome(drawn(), "softmax", {"a": 0}), other)


def kl_of(before, after, target=None):
    want = {"kind": "knockout", "cuts": [], "target": target}
    return make_frame(ComparedWorkspace(before, after), want).fields


@torch.no_grad()
def test_two_models_are_compared_by_all_they_predict():
    models = [small_llama(), small_llama()]
    for place, model in enumerate(models):
        torch.manual_seed(place)
        for each in model.parameters():
            each.normal_(std=0.3)
    before, after = (aw.capture(model, {"input_ids": IDS}) for model in models)
    logits = [model(IDS).logits[0] for model in models]
    fields = kl_of(before, after)
    assert fields["kl"] == pytest.approx(by_torch(*(each[-1:] for each in logits)), rel=1e-3)
    at = {"kind": "logit", "position": 2, "index": 5}
    expected = by_torch(*(each[2:3] for each in logits))
    assert kl_of(before, after, at)["kl"] == pytest.approx(expected, rel=1e-3)


def test_models_of_other_classes_have_none():
    models = [small_bert(id2label={0: "a", 1: label}) for label in ("b", "c")]
    before, after = (aw.capture(model, {"input_ids": IDS}) for model in models)
    fields = kl_of(before, after)
    assert fields["kl"] is None
    assert fields["no_kl"] == "the models predict from different vocabularies"
    assert kl_of(before, before)["kl"] == 0
