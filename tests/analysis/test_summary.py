import numpy as np
import pytest
import torch

from attnwidget.analysis import (
    alignment,
    head_diversity,
    pattern,
    statistics,
    summary,
    synthetic,
)
from attnwidget.trace import Trace
from tests.frames.traces import long_trace, random_weights, translation_trace
from tests.trace.layers import layer, stream


def assert_figures(found, expected):
    assert expected == {name: pytest.approx(found[name], nan_ok=True) for name in expected}


@pytest.mark.parametrize("causal", [False, True])
def test_every_head_and_layer(causal, monkeypatch):
    monkeypatch.setattr("attnwidget.trace.softmax.BLOCK_ELEMENTS", 60)
    trace = long_trace(9, causal=causal)
    report = summary(trace)["streams"]["self"]
    weights = trace.attention(0)
    (described,) = report["layers"]
    for head, matrix in zip(described["heads"], weights, strict=True):
        assert_figures(head, statistics(matrix, causal=causal))
        assert head["pattern"] == pattern(matrix, causal=causal)
    for name in ("normalized_entropy", "locality", "gini"):
        assert described[name] == pytest.approx(np.mean([h[name] for h in described["heads"]]))
    diversity = head_diversity(weights)
    for name in ("avg_pairwise_similarity", "diversity_score"):
        assert described[name] == pytest.approx(diversity[name], rel=1e-5)
    assert report["causal"] == causal
    assert sum(report["patterns"].values()) == 2
    assert report["locality_progression"] == [described["locality"]]


def test_a_sliding_window_is_the_mask_that_counts():
    window = layer(heads=1, kv_heads=1, queries=9, keys=9, causal=True, window=3)
    trace = Trace((stream(window),))
    (head,) = summary(trace)["streams"]["self"]["layers"][0]["heads"]
    allowed = np.tri(9) - np.tri(9, k=-3)
    assert_figures(head, statistics(trace.attention(0)[0], allowed=allowed))
    assert head["max_entropy"] < np.log(3)


def test_encoder_decoder():
    trace = translation_trace()
    streams = summary(trace)["streams"]
    assert list(streams) == ["encoder", "decoder", "cross"]
    assert [streams[name]["causal"] for name in streams] == [False, True, False]
    for place, described in enumerate(streams["cross"]["layers"]):
        expected = alignment(trace["cross"].attention(place).double().mean(0))
        assert described["alignment"] == pytest.approx(expected)
        assert all(np.isnan(head["locality"]) for head in described["heads"])
    assert "alignment" not in streams["encoder"]["layers"][0]


def test_square_cross_attention_compares_no_positions():
    trace = Trace.from_attentions([random_weights(1, 3, 3)], list("abc"), key_tokens=list("xyz"))
    described = summary(trace)["streams"]["cross"]["layers"][0]
    assert np.isnan(described["locality"])
    assert np.isnan(described["heads"][0]["diagonal_mean"])


def test_plain_arrays_with_known_patterns():
    stack = [
        torch.stack([synthetic(16, name, seed=0) for name in names])
        for names in (("bos", "local"), ("bos", "uniform"))
    ]
    report = summary(stack)
    assert report["streams"]["self"]["patterns"] == {"bos": 2, "local": 1, "uniform": 1}


def test_prints_a_line_for_each_layer():
    report = summary(translation_trace())
    lines = str(report).splitlines()
    assert lines[0] == "Summary of attention"
    assert "encoder: 3 layers x 4 heads, 6 x 6 tokens" in lines
    assert "decoder: 2 layers x 2 heads, 5 x 5 tokens, causal" in lines
    assert len(lines) == 1 + 3 * 3 + 3 + 2 + 2
    assert repr(report) == str(report)
    assert isinstance(report, dict)


def test_progress_counts_heads_and_may_interrupt():
    seen = []
    summary(translation_trace(), progress=lambda done, total: seen.append((done, total)))
    assert seen == [(done, 20) for done in range(21)]

    def interrupt(done, total):
        if done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        summary(translation_trace(), progress=interrupt)


def test_wrong_arguments():
    with pytest.raises(ValueError, match="at least 0 tokens"):
        summary(translation_trace(), window=-1)
    with pytest.raises(ValueError, match="None"):
        summary(None)
