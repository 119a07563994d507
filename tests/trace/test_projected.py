"""Weights computed on demand against attention written out in float64."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from attnwidget.trace import ProjectedLayer, compress_bias, softmax
from tests.trace import reference
from tests.trace.layers import SCALE, full, layer, projections

N = 7
CAUSAL = np.tril(np.ones((4, N, N), bool))
NEAR = np.abs(np.subtract.outer(np.arange(N), np.arange(N))) < 3
PADDED = np.array([True] * 5 + [False] * 2)


def additive(allowed, lowest=-torch.inf):
    return torch.zeros(allowed.shape).masked_fill(~torch.from_numpy(allowed), lowest)


def close(actual, expected, atol=1e-6):
    np.testing.assert_allclose(actual.numpy(), expected, atol=atol)


CASES = {
    "plain": ({}, {}),
    "shared key heads": ({"kv_heads": 2}, {}),
    "one key head": ({"kv_heads": 1}, {}),
    "cross": ({"keys": 3}, {}),
    "causal flag": ({"causal": True}, {"allowed": CAUSAL}),
    "sliding and causal": ({"causal": True, "window": 3}, {"allowed": CAUSAL & NEAR}),
    "sliding both ways": ({"window": 3}, {"allowed": np.stack([NEAR] * 4)}),
    "boolean mask": ({"mask": torch.from_numpy(CAUSAL[0])}, {"allowed": CAUSAL}),
    "mask by head": (
        {"mask": torch.from_numpy(CAUSAL & NEAR)},
        {"allowed": CAUSAL & NEAR},
    ),
    "infinite additive mask": ({"mask": additive(CAUSAL)}, {"allowed": CAUSAL}),
    "lowest half additive mask": (
        {"mask": additive(CAUSAL, torch.finfo(torch.float16).min).half()},
        {"allowed": CAUSAL},
    ),
    "additive mask of -1e4 in bfloat16": (
        {"mask": additive(CAUSAL, -1e4).bfloat16()},
        {"allowed": CAUSAL},
    ),
    "padding": (
        {"mask": torch.from_numpy(PADDED)},
        {"allowed": np.broadcast_to(PADDED, (4, N, N))},
    ),
    "padding and causal": (
        {"mask": torch.from_numpy(PADDED)[None, None], "causal": True},
        {"allowed": CAUSAL & PADDED},
    ),
    "soft cap": ({"softcap": 0.7}, {"softcap": 0.7}),
    "soft cap before the mask": (
        {"softcap": 0.7, "mask": additive(CAUSAL)},
        {"softcap": 0.7, "allowed": CAUSAL},
    ),
    "sinks": (
        {"sinks": torch.tensor([0.5, -1.0, 3.0, 0.0])},
        {"sinks": [0.5, -1.0, 3.0, 0.0]},
    ),
    "sinks above everything": ({"sinks": torch.full((4,), 60.0)}, {"sinks": [60.0] * 4}),
}


@pytest.mark.parametrize("name", CASES)
def test_weights_equal_attention_in_float64(name):
    fields, expected = CASES[name]
    sizes = {each: fields[each] for each in ("kv_heads", "keys") if each in fields}
    query, key, _ = projections(**sizes)
    close(full(layer(**fields)), reference.attention(query, key, scale=SCALE, **expected))


@pytest.mark.parametrize("compress", [compress_bias, lambda bias: bias], ids=["small", "as given"])
@pytest.mark.parametrize("kind", ["relative", "free", "by key"])
def test_position_bias_is_added_after_the_cap(kind, compress):
    offsets = torch.arange(N)[None, :] - torch.arange(N)[:, None] + N - 1
    bias = {
        "relative": torch.randn(4, 2 * N - 1)[:, offsets],
        "free": torch.randn(4, N, N),
        "by key": torch.randn(4, 1, N),
    }[kind]
    query, key, _ = projections()
    expected = reference.attention(
        query, key, scale=SCALE, softcap=0.7, added=bias.expand(4, N, N).numpy(), allowed=CAUSAL
    )
    close(full(layer(bias=compress(bias), softcap=0.7, causal=True)), expected)


def test_finite_numbers_of_an_additive_mask_count():
    mask = torch.randn(N, N).masked_fill(~torch.from_numpy(CAUSAL[0]), -torch.inf)
    query, key, _ = projections()
    added = np.broadcast_to(np.where(CAUSAL[0], mask.numpy(), 0.0), (4, N, N))
    expected = reference.attention(query, key, scale=SCALE, added=added, allowed=CAUSAL)
    close(full(layer(mask=mask)), expected)


@pytest.mark.parametrize("lowest", [-torch.inf, torch.finfo(torch.float32).min])
def test_a_fully_masked_row_is_zero(lowest):
    mask = torch.zeros(N, N)
    mask[2] = lowest
    weights = full(layer(mask=mask))
    assert weights[:, 2].eq(0).all()
    torch.testing.assert_close(weights.sum(-1)[:, 3], torch.ones(4))


@pytest.mark.parametrize("factor", [1e2, 1e3])
def test_large_scores_stay_accurate(factor):
    query, key, value = projections()
    weights = full(ProjectedLayer(query * factor, key, value, SCALE))
    exact = ((query.double() * factor) @ key.double().mT * SCALE).softmax(-1)
    assert weights.isfinite().all()
    torch.testing.assert_close(weights.sum(-1), torch.ones(4, N))
    torch.testing.assert_close(weights, exact.float(), atol=2e-7 * factor, rtol=0)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_is_kept_and_computed_in_float32(dtype):
    query, key, _ = projections(dtype=dtype)
    small = layer(dtype=dtype)
    assert small.query.dtype == dtype
    close(full(small), reference.attention(query.float(), key.float(), scale=SCALE))


def test_blocks_do_not_show(monkeypatch):
    whole = full(layer(causal=True))
    monkeypatch.setattr(softmax, "BLOCK_ELEMENTS", 1)
    torch.testing.assert_close(full(layer(causal=True)), whole)


@pytest.mark.parametrize("keys", [slice(None), [3]], ids=["whole rows", "one key"])
def test_no_logits_beyond_a_block_are_made(monkeypatch, keys):
    largest = []
    logits = ProjectedLayer._logits

    def measured(*arguments):
        tile = logits(*arguments)
        largest.append(tile.numel())
        return tile

    monkeypatch.setattr(ProjectedLayer, "_logits", measured)
    monkeypatch.setattr(softmax, "BLOCK_ELEMENTS", 4 * 64 * 3)
    layer(queries=64, keys=64).weights(slice(None), slice(None), keys)
    assert max(largest) <= 4 * 64 * 3
    assert len(largest) > 64 // 3


chosen = st.one_of(
    st.lists(st.integers(0, 5), max_size=8),
    st.builds(slice, st.integers(0, 6), st.integers(0, 6), st.integers(1, 3)),
)


@settings(max_examples=60, deadline=None)
@given(heads=chosen, queries=chosen, keys=chosen, variant=st.sampled_from(range(4)))
def test_any_tile_is_a_slice_of_the_whole(heads, queries, keys, variant):
    fields = (
        {},
        {"kv_heads": 2, "causal": True, "window": 2},
        {"kv_heads": 3, "softcap": 1.0, "sinks": torch.randn(6)},
        {"mask": torch.randn(6, 1, 6), "bias": compress_bias(torch.eye(6).expand(6, 6, 6))},
    )[variant]
    tested = layer(heads=6, queries=6, keys=6, **{"kv_heads": 6, **fields})
    tile = tested.weights(heads, queries, keys)
    expected = full(tested)[heads][:, queries][:, :, keys]
    torch.testing.assert_close(tile, expected, atol=1e-6, rtol=1e-5)


def test_scores_follow_the_query_to_its_weights():
    fields = {"kv_heads": 2, "softcap": 0.9, "causal": True, "bias": torch.randn(4, N, N)}
    tested = layer(sinks=torch.tensor([0.1, 0.2, 0.3, 0.4]), **fields)
    steps = tested.scores(3, 4)
    query, key, _ = projections(kv_heads=2)
    torch.testing.assert_close(steps.query, query[3, 4])
    torch.testing.assert_close(steps.keys, key[1])
    torch.testing.assert_close(steps.scaled, key[1] @ query[3, 4] * SCALE)
    torch.testing.assert_close(steps.capped, 0.9 * (steps.scaled / 0.9).tanh())
    torch.testing.assert_close(steps.bias, fields["bias"][3, 4])
    assert steps.allowed.tolist() == [True] * 5 + [False] * 2
    assert steps.sink == pytest.approx(0.4)
    logits = (steps.capped + steps.bias)[steps.allowed]
    by_hand = torch.cat([logits, torch.tensor([steps.sink])]).softmax(0)[:-1]
    torch.testing.assert_close(steps.weights[steps.allowed], by_hand)
    assert torch.equal(steps.weights, tested.weights([3], [4], slice(None))[0, 0])


def test_scores_name_only_what_acts():
    steps = layer().scores(0, 0)
    assert (steps.capped, steps.softcap, steps.bias, steps.sink) == (None, None, None, None)
    assert steps.allowed.all()


def test_memory_grows_with_the_tokens_not_their_square():
    def held(n):
        tested = layer(queries=n, keys=n, causal=True)
        full(tested)
        return sum(tensor.nbytes for tensor in tested.tensors())

    assert held(512) == 2 * held(256)


def test_tensors_made_without_autograd_serve_outside_of_it():
    with torch.inference_mode():
        tested = layer(softcap=0.7, bias=torch.randn(4, N, N), mask=torch.randn(1, 1, N))
        inside = full(tested)
    assert torch.equal(full(tested), inside)
    tested.scores(0, 0)


def test_gradients_are_left_behind():
    query, key, value = (each.requires_grad_() for each in projections())
    tested = ProjectedLayer(query, key, value, SCALE)
    assert not full(tested).requires_grad
    assert not tested.query.requires_grad


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"kv_heads": 3}, "H a multiple of H_kv"),
        ({"mask": torch.ones(N, N + 1)}, r"mask must broadcast to .*\(4, 7, 7\).*\(7, 8\)"),
        ({"bias": torch.ones(1, 1, N, N)}, "bias must broadcast"),
        ({"sinks": torch.ones(3)}, r"sinks must be \(4,\)"),
    ],
)
def test_parts_that_do_not_fit_are_refused(fields, message):
    with pytest.raises(ValueError, match=message):
        layer(**fields)


def test_a_mask_of_integers_is_refused():
    with pytest.raises(ValueError, match=r"boolean.*int64.*mask\.bool\(\)"):
        full(layer(mask=torch.ones(N, dtype=torch.int64)))
