import numpy as np
import pytest
import torch
from hypothesis import given

from attnwidget.analysis import pattern, statistics
from tests.analysis.matrices import attention, causal_rows


def by_definition(matrix, allowed, window=3):
    """The statistics, one entry at a time."""
    matrix = np.asarray(matrix, np.float64)
    pairs = [(i, j) for i, j in np.ndindex(matrix.shape) if allowed[i][j]]
    values = [matrix[pair] for pair in pairs]
    entropies, ratios, largest = [], [], []
    for i, row in enumerate(matrix):
        count = int(np.sum(allowed[i]))
        if row.sum() == 0:
            continue
        entropies.append(-sum(p * np.log(p) for p in row / row.sum() if p > 0))
        largest.append(np.log(count))
        if count > 1:
            ratios.append(entropies[-1] / np.log(count))
    differences = sum(abs(a - b) for a in values for b in values)
    diagonal = [matrix[i, j] for i, j in pairs if i == j]
    return {
        "mean": np.mean(values),
        "std": np.std(values),
        "min": min(values),
        "max": max(values),
        "diagonal_mean": np.mean(diagonal),
        "diagonal_std": np.std(diagonal),
        "mean_entropy": np.mean(entropies),
        "max_entropy": np.mean(largest),
        "normalized_entropy": np.mean(ratios) if ratios else 0.0,
        "effective_tokens": np.mean(np.exp(entropies)),
        "gini": differences / (2 * len(values) * sum(values)),
        "locality": sum(matrix[i, j] for i, j in pairs if abs(i - j) <= window) / matrix.sum(),
    }


@given(attention())
def test_everything_by_definition(matrix):
    everything = np.ones_like(matrix)
    found = statistics(matrix, causal=False, window=1)
    assert found == pytest.approx(by_definition(matrix, everything, 1), rel=1e-4, abs=1e-6)


@given(attention())
def test_causal_matrices_over_what_the_mask_allows(matrix):
    causal = causal_rows(matrix)
    allowed = np.tri(len(matrix))
    assert statistics(causal) == pytest.approx(by_definition(causal, allowed), rel=1e-4, abs=1e-6)


def test_hand_worked():
    found = statistics([[0.5, 0.5], [0.0, 1.0]])
    assert found["mean"] == 0.5
    assert found["std"] == pytest.approx(np.sqrt(0.5) / 2)
    assert (found["min"], found["max"]) == (0, 1)
    assert (found["diagonal_mean"], found["diagonal_std"]) == (0.75, 0.25)
    assert found["mean_entropy"] == pytest.approx(np.log(2) / 2)
    assert found["max_entropy"] == pytest.approx(np.log(2))
    assert found["normalized_entropy"] == pytest.approx(0.5)
    assert found["effective_tokens"] == pytest.approx(1.5)
    assert found["gini"] == pytest.approx((0.5 * 2 + 0.5 * 3 + 1 * 4) * 2 / (4 * 2) - 5 / 4)
    assert found["locality"] == 1


def test_uniform_causal_attention_is_as_even_as_can_be():
    found = statistics(np.tri(50) / np.arange(1, 51)[:, None])
    assert found["normalized_entropy"] == pytest.approx(1)
    assert found["mean_entropy"] == pytest.approx(found["max_entropy"])
    assert found["min"] == pytest.approx(1 / 50)


def test_a_sliding_window():
    allowed = np.tri(6) - np.tri(6, k=-3)
    found = statistics(allowed / allowed.sum(1, keepdims=True), allowed=allowed)
    assert found["normalized_entropy"] == pytest.approx(1)
    assert found["min"] == pytest.approx(1 / 3)


def test_what_a_sink_takes_leaves_entropies_alone():
    weights = torch.rand(5, 5, generator=torch.Generator().manual_seed(0)).softmax(-1)
    whole, less = statistics(weights), statistics(weights * 0.3)
    for name in ("mean_entropy", "normalized_entropy", "effective_tokens", "gini", "locality"):
        assert less[name] == pytest.approx(whole[name], rel=1e-5)


def test_rows_without_mass_do_not_count():
    found = statistics([[0.0, 0.0], [0.5, 0.5]], causal=False)
    assert found["normalized_entropy"] == pytest.approx(1)
    assert found["effective_tokens"] == pytest.approx(2)


def test_nothing_has_any_mass():
    found = statistics(np.zeros((3, 3)), causal=False)
    assert found["mean"] == 0
    assert all(np.isnan(found[name]) for name in ("mean_entropy", "gini", "locality"))


def test_cross_attention_has_no_diagonal():
    found = statistics(np.full((2, 4), 0.25))
    assert all(np.isnan(found[name]) for name in ("diagonal_mean", "diagonal_std", "locality"))
    assert found["normalized_entropy"] == pytest.approx(1)
    assert found["gini"] == 0


def test_scores_with_signs_are_described_by_their_magnitudes():
    scores = np.random.default_rng(0).standard_normal((6, 6))
    found, magnitudes = statistics(scores, signed=True), statistics(np.abs(scores))
    for name in ("mean_entropy", "normalized_entropy", "effective_tokens", "gini", "locality"):
        assert found[name] == pytest.approx(magnitudes[name])
    assert found["mean"] == pytest.approx(scores.mean())
    assert found["diagonal_mean"] == pytest.approx(np.diag(scores).mean())
    assert (found["min"], found["max"]) == (scores.min(), scores.max())
    assert found["total"] == pytest.approx(scores.sum())
    negative = np.abs(scores[scores < 0]).sum() / np.abs(scores).sum()
    assert found["negative"] == pytest.approx(negative)
    assert pattern(scores, signed=True) == pattern(np.abs(scores))


def test_one_token():
    found = statistics([[1.0]])
    assert found["normalized_entropy"] == 0
    assert found["effective_tokens"] == 1


@pytest.mark.parametrize(
    ("arguments", "keywords", "message"),
    [
        (([[0.5, float("nan")]],), {}, "NaN at query 0, key 1"),
        (([[0.5, -0.5]],), {}, "negative at query 0, key 1: -0.5.* pass signed=True"),
        (([[0.5, float("nan")]],), {"signed": True}, "must hold finite numbers"),
        (([[0.5, float("inf")]],), {}, "infinite"),
        ((np.ones((2, 3, 3)),), {}, r"shape is \(2, 3, 3\).*fuse"),
        ((np.ones((0, 3)),), {}, "must be a matrix"),
        (("text",), {}, "array of real numbers"),
        ((np.ones((2, 2)),), {"causal": True}, "forbids query 0 to attend to key 1"),
        ((np.ones((2, 3)),), {"causal": True}, "2 queries and 3 keys"),
        ((np.ones((2, 2)),), {"causal": False, "allowed": np.ones((2, 2))}, "not both"),
        ((np.ones((2, 2)),), {"allowed": np.ones((3, 3))}, "must have the shape of matrix"),
        ((np.zeros((2, 2)),), {"allowed": np.zeros((2, 2))}, "forbids every pair"),
        ((np.ones((2, 2)),), {"window": -1}, "at least 0 tokens, not -1"),
    ],
)
def test_wrong_arguments(arguments, keywords, message):
    with pytest.raises(ValueError, match=message):
        statistics(*arguments, **keywords)
