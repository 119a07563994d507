"""Flows by receptive field and without the first token, against dense matrices made by hand."""

from __future__ import annotations

import numpy as np
import pytest
import torch

import attnwidget as aw
from attnwidget.frames import Workspace, make_frame
from tests.frames.reference import dense
from tests.methods import flow_reference, reference
from tests.methods.models import trace
from tests.methods.test_rollout import random_layers
from tests.trace.layers import layer

SETTINGS = [(True, False), (False, True), (True, True)]


def skipped(matrix: np.ndarray, first: int = 0, own: int = 0) -> np.ndarray:
    """Return a step in which only the first token's own row reads from it."""
    kept = matrix.copy()
    others = np.arange(len(matrix)) != own
    kept[others, first] = 0
    return kept * (matrix.sum(1) / np.where(kept.sum(1) == 0, 1, kept.sum(1)))[:, None]


def even(weights: np.ndarray, *, residual: bool = True) -> np.ndarray:
    """Return a step of attention that is equal wherever there is any."""
    allowed = (np.asarray(weights) > 0).any(0).astype(float)
    shares = allowed / allowed.sum(1, keepdims=True)
    return (shares + np.eye(len(shares))) / 2 if residual else shares


def product(steps: list[np.ndarray]) -> np.ndarray:
    result = np.eye(len(steps[0]))
    for step in steps:
        result = step @ result
    return result


def divided(scores: np.ndarray, by: np.ndarray) -> np.ndarray:
    ratios = np.divide(scores, by, out=np.zeros_like(scores), where=by > 0)
    return ratios / ratios.sum(1, keepdims=True) * scores.sum(1, keepdims=True)


@pytest.mark.parametrize("causal", [True, False])
@pytest.mark.parametrize("residual", [True, False])
@pytest.mark.parametrize(("field", "skip"), SETTINGS)
def test_rollout_is_the_dense_computation(
    causal: bool, residual: bool, field: bool, skip: bool
) -> None:
    layers = [each.numpy() for each in random_layers(causal=causal)]
    steps = [reference.mixing(each, residual=residual) for each in layers]
    evens = [even(each, residual=residual) for each in layers]
    if skip:
        steps, evens = ([skipped(each) for each in every] for every in (steps, evens))
    expected = product(steps)
    if field:
        expected = divided(expected, product(evens))
    given = {"residual": residual, "receptive_field": field, "skip_first": skip}
    found = aw.rollout(layers, **given)
    np.testing.assert_allclose(found.numpy(), expected, atol=2e-5)
    torch.testing.assert_close(aw.rollout(layers, rows=[4, 0], **given), found[[4, 0]])
    torch.testing.assert_close(aw.rollout_by_layer(layers, **given)[-1], found)


def test_even_attention_has_no_favourites_left() -> None:
    allowed = np.tril(np.ones((8, 8)))
    weights = [np.stack([allowed / allowed.sum(1, keepdims=True)] * 2)] * 4
    last = aw.rollout(weights, receptive_field=True)[-1]
    torch.testing.assert_close(last, torch.full((8,), 1 / 8))
    plain = aw.rollout(weights)[-1]
    assert float(plain[0]) > 1.5 * float(plain[3])


@pytest.mark.parametrize(("field", "skip"), SETTINGS)
def test_max_flow_is_that_of_the_dense_network(field: bool, skip: bool) -> None:
    layers = [each.numpy() for each in random_layers(count=3, size=5, causal=True)]
    steps = [reference.mixing(each) for each in layers]
    evens = [even(each) for each in layers]
    if skip:
        steps, evens = ([skipped(each) for each in every] for every in (steps, evens))
    flows = flow_reference.by_networkx(np.stack(steps)).reshape(5, 5)
    if field:
        flows = divided(flows, flow_reference.by_networkx(np.stack(evens)).reshape(5, 5))
    found = aw.max_flow(layers, receptive_field=field, skip_first=skip)
    np.testing.assert_allclose(found.numpy(), flows, atol=1e-5)
    one = aw.max_flow(layers, receptive_field=field, skip_first=skip, sources=3, normalize=True)
    np.testing.assert_allclose(one[0].numpy(), flows[3] / flows[3].sum(), atol=1e-5)


@pytest.mark.parametrize("name", ["llama", "gpt2"])
@pytest.mark.parametrize(("field", "skip"), SETTINGS)
def test_alti_is_the_dense_computation(name: str, field: bool, skip: bool) -> None:
    traced = trace(name)
    layers = range(traced["self"].num_layers)
    steps = [aw.alti(traced, layers=layer).double().numpy() for layer in layers]
    evens = [even(traced.attention(layer).numpy()) for layer in layers]
    if skip:
        steps, evens = ([skipped(each) for each in every] for every in (steps, evens))
    expected = product(steps)
    if field:
        expected = divided(expected, product(evens))
    found = aw.alti(traced, receptive_field=field, skip_first=skip)
    np.testing.assert_allclose(found.numpy(), expected, atol=2e-5)
    by_layer = aw.alti_by_layer(traced, receptive_field=field, skip_first=skip)
    torch.testing.assert_close(by_layer[-1], found)


def test_an_encoder_decoder_skips_the_first_token_of_every_stack() -> None:
    generator = np.random.default_rng(0)

    def attention(queries: int, keys: int, causal: bool = False) -> np.ndarray:
        made = generator.random((2, 3, queries, keys)) * (
            np.tril(np.ones((queries, keys))) if causal else 1
        )
        return (made / made.sum(-1, keepdims=True)).astype(np.float32)

    parts = {
        "encoder": attention(4, 4),
        "decoder": attention(3, 3, causal=True),
        "cross": attention(3, 4),
    }
    made = aw.Trace.from_attentions(
        encoder=list(parts["encoder"]),
        decoder=list(parts["decoder"]),
        cross=list(parts["cross"]),
        decoder_tokens=list("abc"),
        encoder_tokens=list("wxyz"),
    )
    whole = flow_reference.encoder_decoder_mixed(**parts)
    firsts = [(3, 3), (3, 3), (0, 0), (3, -1), (0, 0), (3, -1)]
    steps = []
    for step, (first, own) in zip(whole, firsts, strict=True):
        changed = skipped(step, first, own)
        # A token that the sublayer does not update is passed on.
        passed = step[first, first] == 1 and own == -1
        if passed:
            changed[first] = step[first]
        steps.append(changed)
    found = aw.rollout(made, skip_first=True)
    np.testing.assert_allclose(found.numpy(), product(steps)[:3], atol=1e-5)


@pytest.mark.parametrize("name", ["llama", "bert", "gpt2"])
def test_keys_in_reach_are_those_that_have_any_weight(name: str) -> None:
    stream = trace(name)["self"]
    for place, each in enumerate(stream.layers):
        expected = (stream.attention(place) > 0).any(0)
        assert bool((each.reachable(slice(None)) == expected).all())
        assert bool((each.reachable([3, 1]) == expected[[3, 1]]).all())


@pytest.mark.parametrize("window", [None, 3])
@pytest.mark.parametrize("causal", [True, False])
def test_windows_limit_what_is_in_reach(window: int | None, causal: bool) -> None:
    made = layer(causal=causal, window=window)
    expected = (made.weights(*[slice(None)] * 3) > 0).any(0)
    assert bool((made.reachable(slice(None)) == expected).all())


def test_what_float32_cannot_tell_is_refused() -> None:
    layers = random_layers(count=30, size=40, causal=True)
    assert bool(aw.rollout(layers, receptive_field=True).isfinite().all())
    with pytest.raises(ValueError, match=r"less than float32 can tell.*residual=True"):
        aw.rollout(layers, residual=False, receptive_field=True)


@pytest.mark.parametrize("name", ["rollout", "alti", "max_flow"])
@pytest.mark.parametrize(("field", "skip"), SETTINGS)
def test_a_frame_holds_the_same(name: str, field: bool, skip: bool) -> None:
    traced = trace("llama")
    want = {"kind": "rows", "method": name, "layer": 1, "full": True}
    want |= {"receptive_field": field, "skip_first": skip}
    workspace = Workspace(traced)
    make_frame(workspace, {**want, "receptive_field": False, "skip_first": False})
    frame = make_frame(workspace, want)
    found = dense(frame, len(traced.tokens))[0]
    expected = getattr(aw, name)(traced, layers=slice(0, 2), receptive_field=field, skip_first=skip)
    np.testing.assert_allclose(found, expected.numpy(), atol=1e-3)
    assert (frame.want["receptive_field"], frame.want["skip_first"]) == (field, skip)


def test_captions_say_it() -> None:
    shown = aw.AttentionWidget(trace("llama"), "matrix", method="rollout", layer=1)
    assert "even attention" not in shown.to_svg()
    shown.receptive_field = shown.skip_first = True
    assert "divided by even attention" in shown.to_svg()
    assert "no token reads from the first" in shown.to_svg()
    shown.view = "trace"
    assert "even attention" not in shown.to_svg()
    assert "no token reads from the first" in shown.to_svg()
    shown.method = "attention"
    assert "reads from the first" not in shown.to_svg()
