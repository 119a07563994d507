"""Estimates of taking one connection away: against autograd, runs without it, and their frames."""

from __future__ import annotations

import pytest
import torch

import attnwidget as aw
from attnwidget.capture import capture
from attnwidget.frames import Workspace, make_frame
from attnwidget.methods import first_order
from attnwidget.methods.registry import METHODS, refusal
from attnwidget.trace import softmax
from tests.frames.reference import dense
from tests.methods.cut_reference import inputs, model
from tests.methods.test_knockout_effects import captured, change_without, eager_slopes, stream_of

NAMES = ["llama", "gpt_oss", "t5"]


def expected_of(name: str, layer: int) -> torch.Tensor:
    """Return the estimates by the weights that are left and autograd of eager attention."""
    weights, slopes = eager_slopes(name)[layer]
    keys = range(weights.shape[2])
    return torch.stack([change_without(weights, slopes, key) for key in keys], -1).float()


def assert_near(found: torch.Tensor, expected: torch.Tensor, tolerance: float = 1e-5) -> None:
    largest = float(expected.abs().max())
    assert largest > 0
    torch.testing.assert_close(found, expected, atol=tolerance * largest, rtol=0)


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("heads", [None, [2, 0], -1])
def test_they_are_the_weights_that_are_left_times_the_slopes(name, heads):
    expected = expected_of(name, 1)
    chosen = slice(None) if heads is None else [heads] if isinstance(heads, int) else heads
    found = aw.knockout_estimates(captured(name), 1, heads, stream=stream_of(name))
    assert bool((found < 0).any())
    assert bool((found > 0).any())
    assert_near(found, expected[chosen], 5e-5)  # float32 on both sides


@pytest.mark.parametrize("name", NAMES)
def test_rows_are_the_edges_of_a_query_and_all_rows_add_up_to_the_key(name):
    trace, stream = captured(name), stream_of(name)
    layers = range(trace[stream].num_layers)
    found = torch.stack([aw.knockout_estimates(trace, layer, stream=stream) for layer in layers])
    edges = aw.knockout_effects(trace, "edge", stream=stream, query=3)
    torch.testing.assert_close(found[:, :, 3], edges)
    assert_near(found.sum((0, 1, 2)), aw.knockout_effects(trace, stream=stream), 1e-4)


@pytest.mark.parametrize("name", NAMES)
def test_where_little_changes_a_run_without_the_connection_agrees(name):
    """A change of the attention by a hundredth: what is not linear is a small part of that."""
    trace, stream = captured(name), stream_of(name)
    found = aw.knockout_estimates(trace, 1, stream=stream)
    small = (trace[stream].attention(1) < 0.03) & (found != 0)
    assert int(small.sum()) > 6
    strong = found[small].abs().argsort(descending=True)[:6]
    for head, query, key in small.nonzero()[strong].tolist():
        exact = aw.knockout(trace, aw.Cut(1, head, query, key, stream=stream)).change
        estimate = float(found[head, query, key])
        assert estimate == pytest.approx(exact, rel=0.15, abs=2e-4)


def test_a_key_with_all_the_weight_leaves_a_head_that_writes_zero():
    trace = captured("gpt2")
    weights, slopes = eager_slopes("gpt2")[0]
    assert bool((weights[:, 0, 0] == 1).all())
    found = aw.knockout_estimates(trace, 0)
    torch.testing.assert_close(found[:, 0, 0], -slopes[:, 0, 0], atol=1e-6, rtol=1e-4)
    assert not bool(found.triu(1).any())
    assert bool(found.isfinite().all())


def test_blocks_of_rows_change_nothing(monkeypatch):
    whole = aw.knockout_estimates(captured("gpt_oss"), 0)
    monkeypatch.setattr(softmax, "BLOCK_ELEMENTS", 20)
    assert first_order.blocks is softmax.blocks
    torch.testing.assert_close(aw.knockout_estimates(captured("gpt_oss"), 0), whole)


@pytest.mark.parametrize("heads", [None, [3], [0, 2]])
@pytest.mark.parametrize("fusion", ["mean", "min"])
def test_a_frame_holds_the_same(heads, fusion):
    trace = captured("llama")
    want = {"kind": "rows", "method": "knockout", "layer": 1, "heads": heads, "fusion": fusion}
    found = torch.from_numpy(dense(make_frame(Workspace(trace), want), len(trace.tokens))).float()
    expected = aw.knockout_estimates(trace, 1, heads)
    if heads is None:
        expected = aw.fuse_heads(expected, fusion)[None]
    assert_near(found, expected, 1e-3)


def test_the_target_of_the_call_is_the_one_that_changes():
    trace = capture(model("llama"), inputs("llama"))
    found = aw.knockout_estimates(trace, 1, target=("hidden", 4))
    assert_near(found, aw.knockout_estimates(trace.with_target(("hidden", 4)), 1))


def test_its_row_says_that_it_is_an_estimate():
    row = METHODS["knockout"]
    assert "estimate" in row.title
    assert "estimate" in row.question
    assert "estimate" in row.values
    assert row.signed


def test_what_has_no_gradients_is_refused():
    arrays = aw.Trace.from_attentions([torch.full((2, 3, 3), 1 / 3)], list("abc"))
    reason = refusal(arrays, arrays["self"], "knockout") or ""
    assert "knockout (estimate) needs gradients" in reason
    with pytest.raises(ValueError, match="Gradients and predictions need"):
        aw.knockout_estimates(arrays, 0)
    with pytest.raises(IndexError, match="layer 9"):
        aw.knockout_estimates(captured("llama"), 9)
