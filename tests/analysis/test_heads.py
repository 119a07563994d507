import numpy as np
import pytest
import torch

from attnwidget.analysis import alignment, head_diversity, locality, locality_by_layer
from attnwidget.trace import Trace
from tests.frames.traces import random_weights, translation_trace
from tests.trace.layers import layer, stream

WEIGHTS = random_weights(4, 5, 5)


def test_similarity_is_the_cosine_of_flat_heads():
    found = head_diversity(WEIGHTS)
    flat = WEIGHTS.reshape(4, -1).astype(np.float64)
    expected = np.array([[a @ b / np.sqrt(a @ a) / np.sqrt(b @ b) for a in flat] for b in flat])
    np.testing.assert_allclose(found["similarity_matrix"], expected, rtol=1e-6)
    mean = expected[~np.eye(4, dtype=bool)].mean()
    assert found["avg_pairwise_similarity"] == pytest.approx(mean)
    assert found["diversity_score"] == pytest.approx(1 - mean)
    entropies = [-np.sum(head[head > 0] * np.log(head[head > 0])) / 5 for head in WEIGHTS]
    np.testing.assert_allclose(found["entropies"], entropies, rtol=1e-5)


def test_equal_heads_are_not_diverse_and_disjoint_ones_are():
    same = np.broadcast_to(WEIGHTS[0], (3, 5, 5))
    assert head_diversity(same)["diversity_score"] == pytest.approx(0, abs=1e-9)
    disjoint = np.stack([np.eye(4), np.roll(np.eye(4), 1, axis=1)])
    assert head_diversity(disjoint)["diversity_score"] == 1


def test_one_head_or_none_with_mass():
    assert np.isnan(head_diversity(WEIGHTS[:1])["diversity_score"])
    empty = head_diversity(np.stack([np.zeros((2, 2)), np.eye(2)]))
    assert empty["avg_pairwise_similarity"] == 0


def test_locality_by_hand():
    assert locality([[0.5, 0.5], [1.0, 0.0]], 0) == pytest.approx(0.25)
    assert locality(np.full((5, 5), 0.2), 1) == pytest.approx(13 / 25)
    assert locality(np.full((5, 5), 0.2)) == pytest.approx(23 / 25)
    assert np.isnan(locality(np.zeros((2, 2))))


def test_locality_of_layers(monkeypatch):
    monkeypatch.setattr("attnwidget.trace.softmax.BLOCK_ELEMENTS", 60)
    trace = Trace((stream(layer(queries=9, keys=9), layer(queries=9, keys=9, seed=1)),))
    expected = [locality(trace.attention(place).mean(0), 2) for place in range(2)]
    torch.testing.assert_close(locality_by_layer(trace, 2), torch.tensor(expected))
    arrays = [trace.attention(place) for place in range(2)]
    torch.testing.assert_close(locality_by_layer(arrays, 2), torch.tensor(expected))


def test_alignment_by_hand():
    found = alignment([[0.9, 0.1, 0.0], [0.0, 1.0, 0.0], [0.95, 0.05, 0.0], [0.5, 0.5, 0.0]])
    entropies = [-0.9 * np.log(0.9) - 0.1 * np.log(0.1), 0, 0.1985152, np.log(2)]
    assert found["alignment_entropy"] == pytest.approx(np.mean(entropies), rel=1e-5)
    assert found["sharpness"] == pytest.approx(1 - np.mean(entropies) / np.log(3), rel=1e-5)
    assert found["source_coverage"] == pytest.approx(2 / 3)
    assert found["monotonicity"] == pytest.approx(2 / 3)


def test_alignment_of_heads_is_that_of_their_mean():
    assert alignment(WEIGHTS) == alignment(WEIGHTS.astype(np.float64).mean(0))


def test_a_perfect_alignment():
    assert alignment(np.eye(4)) == {
        "alignment_entropy": 0,
        "sharpness": 1,
        "source_coverage": 1,
        "monotonicity": 1,
    }
    assert alignment(np.eye(4)[::-1].copy())["monotonicity"] == 0


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        (lambda: head_diversity(WEIGHTS[0]), ValueError, r"must be \(heads, queries, keys\)"),
        (lambda: head_diversity(-WEIGHTS), ValueError, "head 0 of attention .* negative"),
        (lambda: locality(np.ones((2, 3))), ValueError, r"square, but its shape is \(2, 3\)"),
        (lambda: locality(np.eye(3), -1), ValueError, "at least 0 tokens"),
        (lambda: locality_by_layer([np.eye(3)], -1), ValueError, "at least 0 tokens"),
        (
            lambda: locality_by_layer(translation_trace(), stream="cross"),
            ValueError,
            "5 queries of 'cross' attend to 6",
        ),
        (lambda: locality_by_layer(translation_trace(), stream="self"), KeyError, "no stream"),
        (lambda: alignment(np.zeros((2, 3))), ValueError, "all zeros"),
        (lambda: alignment(np.eye(3), threshold=1), ValueError, r"in \[0, 1\)"),
        (lambda: alignment(np.eye(3)[0]), ValueError, r"shape is \(3,\)"),
    ],
)
def test_wrong_arguments(call, error, message):
    with pytest.raises(error, match=message):
        call()
