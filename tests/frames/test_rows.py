import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from attnwidget.frames import Workspace, make_frame
from attnwidget.frames import rows as rows_module
from attnwidget.frames.visible_rows import BLOCK_ELEMENTS
from attnwidget.trace import Trace
from tests.frames.reference import dense, shown
from tests.frames.traces import SEGMENTS, long_trace, pair_trace, random_weights
from tests.trace.layers import layer, stream

SPECIAL = {0, 3, 7}
TOLERANCE = {"rtol": 6e-4, "atol": 1e-7}  # float16


def rows(trace, **want):
    return make_frame(Workspace(trace), {"kind": "rows", **want})


@pytest.mark.parametrize("fusion", [None, "mean", "max", "min"])
@pytest.mark.parametrize("hide_special", [False, True])
@pytest.mark.parametrize("hide_first", [False, True])
@pytest.mark.parametrize("pair_filter", ["all", "aa", "ab", "ba", "bb"])
def test_rows_agree_with_dense_attention(fusion, hide_special, hide_first, pair_filter):
    trace = pair_trace()
    heads = [2, 0] if fusion is None else None
    frame = rows(
        trace,
        layer=1,
        heads=heads,
        fusion=fusion or "mean",
        hide_special=hide_special,
        hide_first=hide_first,
        pair_filter=pair_filter,
    )
    hidden = (SPECIAL if hide_special else set()) | ({0} if hide_first else set())
    sides = [None, None]
    if pair_filter != "all":
        sides = [
            {i for i, text in enumerate(SEGMENTS) if text == "ab".index(letter)}
            for letter in pair_filter
        ]
    expected, shares = shown(
        trace.attention(1, heads), fusion=fusion, hidden=hidden, queries=sides[0], keys=sides[1]
    )
    np.testing.assert_allclose(dense(frame, 8), expected, **TOLERANCE)
    assert frame.fields["hidden"] == len(hidden)
    np.testing.assert_allclose(frame.fields["hidden_mass"], shares, atol=1e-6)
    assert not np.asarray(frame.arrays["rest"]).any()
    means = [matrix[matrix.sum(-1) > 0].mean(0) for matrix in np.asarray(expected)]
    np.testing.assert_allclose(frame.arrays["received"], means, atol=1e-6)


@settings(max_examples=40, deadline=None)
@given(
    count=st.integers(257, 400),
    queries=st.integers(1, 5),
    seed=st.integers(0, 2**32 - 1),
    hide_first=st.booleans(),
    full=st.booleans(),
)
def test_listed_and_rest_make_up_the_row(count, queries, seed, hide_first, full):
    weights = random_weights(2, queries, count, seed=seed)
    names = [str(place) for place in range(count)]
    trace = Trace.from_attentions([weights], names[:queries], key_tokens=names)
    frame = rows(trace, heads=[0, 1], hide_first=hide_first, full=full)
    listed = np.asarray(frame.arrays["weights"], np.float64)
    indices = np.asarray(frame.arrays["indices"]).astype(int)
    assert listed.shape[-1] == (count if full else 64)
    assert (np.diff(listed) <= 0).all()
    expected, _ = shown(weights, hidden={0} if hide_first else ())
    np.testing.assert_allclose(frame.arrays["received"], expected.mean(1), atol=1e-6)
    exact = np.take_along_axis(expected, indices, -1)
    assert (np.diff(exact) <= 1e-12).all()
    np.testing.assert_allclose(exact[..., -1], np.sort(expected)[..., -listed.shape[-1]], atol=1e-9)
    mass = listed.sum(-1) + np.asarray(frame.arrays["rest"], np.float64)
    np.testing.assert_allclose(mass, expected.sum(-1), atol=1e-3)
    assert all(len(set(row)) == len(row) for row in indices.reshape(-1, listed.shape[-1]).tolist())


def test_weights_below_float16_keep_their_order():
    weights = np.array([[[1.0, 1e-12, 3e-12, 2e-12, 0.0]]], np.float32)
    trace = Trace.from_attentions([weights], ["q"], key_tokens=list("abcde"))
    assert np.asarray(rows(trace).arrays["indices"]).tolist() == [[[0, 2, 3, 1, 4]]]


def test_equal_weights_are_listed_by_rising_index():
    weights = np.full((1, 300, 300), 1 / 300, np.float32)
    trace = Trace.from_attentions([weights], [str(place) for place in range(300)])
    assert (np.asarray(rows(trace).arrays["indices"]) == np.arange(64)).all()


def test_a_row_with_nothing_left_is_empty():
    weights = random_weights(1, 4, 4, causal=True)
    trace = Trace.from_attentions([weights], list("abcd"))
    frame = rows(trace, heads=[0], hide_first=True)
    listed = np.asarray(frame.arrays["weights"], np.float64)[0]
    assert not listed[0].any()
    np.testing.assert_allclose(listed[1:].sum(-1), 1, atol=2e-3)
    assert frame.fields["hidden_mass"][0] == pytest.approx(weights[0, :, 0].mean(), abs=1e-6)


def test_what_a_sink_takes_stays_taken_when_keys_are_hidden():
    import torch

    trace = Trace((stream(layer(heads=2, kv_heads=2, sinks=torch.tensor([1.0, 2.0]))),))
    before = rows(trace, heads=[0, 1])
    after = rows(trace, heads=[0, 1], hide_first=True)
    sums = [np.asarray(frame.arrays["weights"], np.float64).sum(-1) for frame in (before, after)]
    assert (sums[0] < 0.95).all()
    np.testing.assert_allclose(sums[0], sums[1], atol=2e-3)


def test_projected_layers_agree_over_several_blocks(monkeypatch):
    monkeypatch.setattr("attnwidget.frames.visible_rows.BLOCK_ELEMENTS", 1000)
    trace = long_trace(60, causal=True)
    expected, _ = shown(trace.attention(0), hidden={0})
    frame = rows(trace, heads=[0, 1], hide_first=True)
    np.testing.assert_allclose(dense(frame, 60), expected, **TOLERANCE)


def test_bytes_grow_with_n_and_not_with_its_square():
    sizes = [len(rows(long_trace(count)).to_bytes()) for count in (300, 600, 1200)]
    assert sizes[1] < 2.05 * sizes[0]
    assert sizes[2] < 2.05 * sizes[1]


@pytest.mark.parametrize(("count", "dtype"), [(2, "uint8"), (256, "uint8"), (257, "uint16")])
def test_indices_are_as_small_as_they_can_be(count, dtype):
    weights = random_weights(1, 1, count)
    trace = Trace.from_attentions(
        [weights], ["q"], key_tokens=[str(place) for place in range(count)]
    )
    assert rows(trace).arrays["indices"].dtype == dtype


def test_the_frame_repeats_its_request():
    want = {
        **{"kind": "rows", "stream": "self", "layer": 1, "heads": [2, 0], "method": "attention"},
        **{"fusion": "max", "hide_special": True, "hide_first": False, "pair_filter": "ab"},
        **{"discard_ratio": 0.5, "target": None, "full": True},
        **{"receptive_field": True, "skip_first": True},
    }
    assert make_frame(Workspace(pair_trace()), want).want == want


def test_no_block_of_scores_is_larger_than_its_bound(monkeypatch):
    largest = []

    def count(places, listed, keep=rows_module.largest):
        largest.append(places.size)
        return keep(places, listed)

    monkeypatch.setattr(rows_module, "largest", count)
    rows(long_trace(1500), heads=[0, 1])
    assert sum(largest) == 2 * 1500 * 1500
    assert max(largest) <= BLOCK_ELEMENTS < sum(largest) / 4
