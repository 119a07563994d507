"""Effects of cuts: exact ones against single runs, estimates against autograd and differences."""

from itertools import islice

import pytest
import torch
from torch.nn import functional

import attnwidget as aw
from attnwidget.analysis.faithfulness.question import question_of
from attnwidget.analysis.faithfulness.ranking import rank_of_truth
from attnwidget.capture import capture
from attnwidget.capture.changes import batches
from benchmarks.truth.examples import EXAMPLES
from tests.capture.eager_gradients import gradient_by
from tests.methods.cut_reference import inputs, model, patched_softmax

TARGET = ("log_prob", -1, 5)
NAMES = ["llama", "gpt2", "gpt_oss", "gemma2", "t5", "bart"]


class StopError(Exception):
    pass


def captured(name: str) -> aw.Trace:
    return capture(model(name), inputs(name), target=TARGET)


def stream_of(name: str) -> str:
    return "cross" if name in ("t5", "bart") else "self"


def eager_slopes(name: str) -> list[tuple[torch.Tensor, torch.Tensor]]:
    """Return the weights and their gradients, (H, n_q, n_k) of each layer."""
    output = model(name, eager=True)(**inputs(name), output_attentions=True)
    loss = output.logits[0, -1].log_softmax(-1)[5]
    maps = output.cross_attentions if stream_of(name) == "cross" else output.attentions
    return [(each[0].detach(), gradient_by(loss, each)[0]) for each in maps]


def change_without(weights: torch.Tensor, slopes: torch.Tensor, key: int) -> torch.Tensor:
    """Return the change of the target for each row (H, n_q), by the weights that are left."""
    left = weights.double().clone()
    left[..., key] = 0
    # A sink keeps its share of what is left.
    sink = (1 - weights.double().sum(-1)).clamp(min=0)
    sink = sink * (sink > 1e-5)
    share = left.sum(-1) + sink
    other = torch.where(share[..., None] > 0, left / share[..., None].clamp(min=1e-300), 0)
    return ((other - weights) * slopes).sum(-1)


@pytest.mark.parametrize("name", NAMES)
def test_estimates_carry_the_renormalisation(name):
    trace, stream = captured(name), stream_of(name)
    found = eager_slopes(name)
    keys = range(found[0][0].shape[2])
    edges = torch.stack(
        [torch.stack([change_without(*each, key)[:, -1] for key in keys], -1) for each in found]
    )
    by_key = torch.stack([sum(change_without(*each, key).sum() for each in found) for key in keys])
    by_head = -torch.stack([(weights * slopes).sum((1, 2)) for weights, slopes in found])
    for by, expected in (("edge", edges), ("key", by_key), ("head", by_head)):
        actual = aw.knockout_effects(trace, by, stream=stream)
        tolerance = 1e-5 * float(expected.abs().max())
        torch.testing.assert_close(actual, expected.float(), atol=tolerance, rtol=0)


@pytest.mark.parametrize("name", ["llama", "gpt_oss", "t5"])
def test_an_estimate_is_the_slope_on_the_way_to_the_cut(name):
    """The weights go from what they are towards what they are after the cut, by a small step."""
    eager, given, step = model(name, eager=True), inputs(name), 1e-2
    real, crosses = functional.softmax, stream_of(name) == "cross"

    def loss(key: int, size: float) -> float:
        def softmax(scores, *args, **options):
            weights = real(scores, *args, **options)
            if scores.ndim != 4 or (crosses and scores.shape[2] == scores.shape[3]):
                return weights
            cut = scores.clone()
            cut[..., key] = -torch.inf
            after = real(cut.masked_fill(cut < -1e30, -torch.inf), *args, **options).nan_to_num()
            return weights + size * (after - weights)

        functional.softmax = softmax
        try:
            with torch.no_grad():
                return float(eager(**given).logits[0, -1].double().log_softmax(-1)[5])
        finally:
            functional.softmax = real

    trace = captured(name)
    expected = torch.tensor(
        [
            (loss(key, step) - loss(key, -step)) / (2 * step)
            for key in range(len(trace[stream_of(name)].keys))
        ]
    )
    actual = aw.knockout_effects(trace, stream=stream_of(name))
    largest = float(expected.abs().max())
    torch.testing.assert_close(actual, expected.float(), atol=0.02 * largest, rtol=0)


@pytest.mark.parametrize("name", ["llama", "gpt_oss", "t5"])
@pytest.mark.parametrize("by", ["key", "head", "edge"])
def test_exact_effects_equal_one_knockout_for_each(name, by):
    trace, stream = captured(name), stream_of(name)
    layers = [1] if by == "edge" else None
    effects = aw.knockout_effects(
        trace, by, exact=True, layers=layers, stream=stream, progress=False
    )
    places = torch.cartesian_prod(*map(torch.arange, effects.shape)).reshape(-1, effects.ndim)
    attended = trace[stream].attention(1, queries=-1)[:, 0] > 0
    for place in places[:: max(1, len(places) // 8)].tolist():
        if by == "key":
            cut = aw.Cut(keys=place[0], stream=stream)
        elif by == "head":
            cut = aw.Cut(*place, stream=stream, mode="zero")
        else:
            _, head, key = place
            if not attended[head, key]:
                assert effects[tuple(place)] == 0
                continue
            cut = aw.Cut(1, head, -1, key, stream=stream)
        expected = aw.knockout(trace, cut).change
        assert float(effects[tuple(place)]) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize("by", ["key", "head", "edge"])
def test_as_many_runs_as_were_said(by, monkeypatch):
    trace, told = captured("llama"), []
    whole = aw.knockout_effects(trace, by, exact=True, progress=lambda *each: told.append(each))
    runs = aw.runs_of(trace, by)
    assert told[0] == (0, runs)
    assert told[-1] == (runs, runs)
    assert 2 <= len(told) <= 1 + runs // 8
    monkeypatch.setattr(batches, "MOST_RUNS", 3)
    again = aw.knockout_effects(
        captured("llama"), by, exact=True, progress=lambda *each: told.append(each)
    )
    assert told[-2][0] >= runs - 3
    torch.testing.assert_close(again, whole, atol=1e-4, rtol=0)


def test_a_batch_that_is_not_what_its_entries_are_is_not_used():
    """The module mixes the entries of a batch, so each run has to be one by itself."""
    plain = model("llama")

    def mixed(_, __, output):
        return output + output.mean(0, keepdim=True)

    plain.model.embed_tokens.register_forward_hook(mixed)
    trace = capture(plain, inputs("llama"), target=TARGET)
    effects = aw.knockout_effects(trace, exact=True, progress=False)
    assert float(effects[4]) == pytest.approx(aw.knockout(trace, aw.Cut(keys=4)).change, abs=1e-4)


def test_cancelled_and_started_again():
    trace = captured("llama")
    whole = aw.knockout_effects(trace, "head", exact=True, progress=False)

    def stop(done, _):
        if done:
            raise StopError

    with pytest.raises(StopError):
        aw.knockout_effects(trace, "head", exact=True, progress=stop)
    torch.testing.assert_close(
        aw.knockout_effects(trace, "head", exact=True, progress=False), whole
    )


def test_a_row_of_one_key_counts_as_zero_in_both():
    """At the first position of a causal model the estimate of the output is exact: it is linear."""
    trace = captured("gpt2")
    sharp = trace["self"].attention(0)[:, 0, 0]
    assert bool((sharp == 1).all())
    estimate = aw.knockout_effects(trace, "edge", query=0)
    found = eager_slopes("gpt2")
    expected = torch.stack([-(weights * slopes)[:, 0, 0] for weights, slopes in found])
    torch.testing.assert_close(estimate[..., 0], expected, atol=1e-6, rtol=1e-4)
    assert not bool(estimate[..., 1:].any())


@pytest.mark.parametrize(
    "target",
    [("hidden", 3), ("hidden", None), ("logit", None, 3), ("contrast", 5, 1, 2), ("span", 4, 7)],
)
def test_other_targets(target):
    trace = capture(model("llama"), inputs("llama"))
    effects = aw.knockout_effects(trace, exact=True, target=target, progress=False)
    expected = aw.knockout(trace, aw.Cut(keys=2), target=target).change
    assert float(effects[2]) == pytest.approx(expected, abs=1e-3)


def test_unused_patch_leaves_softmax_alone():
    with patched_softmax({}):
        pass
    assert functional.softmax.__module__ == "torch.nn.functional"


@pytest.mark.parametrize(
    ("name", "least"), [("brackets", 0.7), ("induction", 0.6), ("dates", 0.75)]
)
def test_the_models_in_the_box_need_the_true_source(name, least):
    """A few examples of the figures in docs/cuts.md, by the two ways that run the model."""
    exact, other = [], []
    for example in islice(EXAMPLES[name](2026), 8):
        asked = question_of(example.trace, example.truth)
        stream = asked.stream.name
        scores = -aw.knockout_effects(asked.trace, exact=True, stream=stream, progress=False)
        exact.append(rank_of_truth(asked, scores))
        scores = aw.counterfactual(asked.trace, stream=stream, progress=False)
        other.append(rank_of_truth(asked, scores))
    assert sum(rank < 2 for rank in exact) >= least * len(exact)
    assert sum(rank < 2 for rank in other) >= least * len(other)
