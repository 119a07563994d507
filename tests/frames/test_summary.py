import numpy as np
import pytest
import torch

from attnwidget.frames import Workspace, make_frame
from attnwidget.trace import Trace
from tests.frames.traces import long_trace, random_weights, translation_trace
from tests.trace.layers import layer, stream


def summary(trace, **want):
    frame = make_frame(Workspace(trace), {"kind": "summary", **want})
    return {name: np.asarray(array) for name, array in frame.arrays.items()}


def expected(weights, allowed):
    """The figures by their definitions, one row at a time."""
    names = ("entropy", "effective", "first", "diagonal", "previous", "distance")
    figures = {name: [] for name in names}
    for matrix in np.asarray(weights, np.float64):
        found = {name: [] for name in figures}
        for i, row in enumerate(matrix):
            if row.sum() == 0:
                continue
            row = row / row.sum()
            entropy = -sum(value * np.log(value) for value in row if value > 0)
            if allowed[i] > 1:
                found["entropy"].append(entropy / np.log(allowed[i]))
            found["effective"].append(np.exp(entropy))
            found["first"].append(row[0])
            found["diagonal"].append(row[i])
            found["distance"].append(sum(share * abs(i - j) for j, share in enumerate(row)))
            if i:
                found["previous"].append(row[i - 1])
        for name, values in found.items():
            figures[name].append(np.mean(values))
    return figures


@pytest.mark.parametrize("causal", [False, True])
def test_figures_of_projected_layers(causal, monkeypatch):
    monkeypatch.setattr("attnwidget.trace.softmax.BLOCK_ELEMENTS", 100)
    trace = long_trace(17, causal=causal)
    allowed = np.arange(17) + 1 if causal else np.full(17, 17)
    for name, values in expected(trace.attention(0), allowed).items():
        np.testing.assert_allclose(summary(trace)[name], values, rtol=1e-4, err_msg=name)


def test_entropy_is_over_what_a_sliding_window_allows():
    window = layer(heads=1, kv_heads=1, queries=9, keys=9, causal=True, window=3)
    trace = Trace((stream(window),))
    values = expected(trace.attention(0), np.minimum(np.arange(9) + 1, 3))
    np.testing.assert_allclose(summary(trace)["entropy"], values["entropy"], rtol=1e-4)


def test_uniform_attention_has_entropy_one():
    trace = Trace.from_attentions(
        [np.tril(np.ones((5, 5))) / np.arange(1, 6)[:, None]], list("abcde")
    )
    assert summary(trace)["entropy"] == pytest.approx(1.0)


def test_what_a_sink_takes_does_not_count():
    with_sinks = layer(heads=2, kv_heads=2, sinks=torch.tensor([1.0, 3.0]))
    trace, plain = Trace((stream(with_sinks),)), Trace((stream(layer(heads=2, kv_heads=2)),))
    for name, values in summary(plain).items():
        np.testing.assert_allclose(summary(trace)[name], values, rtol=1e-4, err_msg=name)


def test_cross_attention_has_no_own_token():
    figures = summary(translation_trace(), stream="cross")
    assert np.isnan(figures["diagonal"]).all()
    assert np.isnan(figures["previous"]).all()
    assert np.isnan(figures["distance"]).all()
    assert not np.isnan(figures["entropy"]).any()


def test_one_token_has_no_choice():
    figures = summary(Trace.from_attentions([random_weights(2, 1, 1)], ["a"]))
    assert (figures["entropy"] == 0).all()
    assert (figures["effective"] == 1).all()
