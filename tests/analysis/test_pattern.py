import numpy as np
import pytest
import torch
from hypothesis import given

from attnwidget.analysis import pattern, synthetic
from attnwidget.analysis.blocks import best_split, by_distance
from attnwidget.analysis.pattern import PATTERNS
from tests.analysis.matrices import attention, causal_rows, rows

MADE = [name for name in PATTERNS if name != "mixed"]
SIZES = [8, 32, 128, 512]


@pytest.mark.parametrize("causal", [False, True])
@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("name", MADE)
@pytest.mark.parametrize("noise", [0.0, 0.05, 0.2])
def test_synthetic_patterns_are_recognised(name, n, causal, noise):
    for seed in range(5 if n < 100 else 1):
        assert pattern(synthetic(n, name, noise, seed, causal=causal)) == name


@pytest.mark.parametrize("n", SIZES)
def test_sharp_random_attention_is_mixed(n):
    logits = 4 * np.random.default_rng(0).standard_normal((n, n))
    assert pattern(rows(np.exp(logits))) == "mixed"
    assert pattern(causal_rows(np.exp(logits))) == "mixed"


@pytest.mark.parametrize("n", SIZES)
def test_the_token_before_is_local(n):
    previous = np.eye(n, k=-1) * 0.9 + 0.1 / n
    assert pattern(rows(previous)) == "local"
    assert pattern(causal_rows(previous)) == "local"


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("share", [0.25, 0.5, 0.75])
def test_a_block_of_any_share(n, share):
    second = np.arange(n) >= share * n
    matrix = rows(second[:, None] == second[None, :])
    found = best_split(torch.tensor(matrix), torch.full((n, n), 1 / n, dtype=torch.float64))
    assert found.at == share * n
    assert found.gain == pytest.approx(1)
    assert pattern(matrix) == "block"


@given(attention(most=12))
def test_best_split_by_definition(matrix):
    n = len(matrix)
    flat = np.full((n, n), 1 / n)
    found = best_split(torch.tensor(matrix), torch.tensor(flat))
    gains = {}
    for at in range(max(2, round(0.2 * n)), n - max(2, round(0.2 * n)) + 1):
        inside = [(i < at) == (j < at) for i, j in np.ndindex(n, n)]
        observed, expected = (each.flatten()[inside].sum() / n for each in (matrix, flat))
        gains[at] = (observed - expected) / (1 - expected)
    if not gains:
        assert found is None
    else:
        assert found.gain == pytest.approx(max(gains.values()), abs=1e-9)


@pytest.mark.parametrize("n", SIZES)
@pytest.mark.parametrize("causal", [False, True])
def test_a_wide_band_is_no_block(n, causal):
    distance = np.abs(np.arange(n)[:, None] - np.arange(n))
    band = np.exp(-distance / (n / 6))
    assert pattern(causal_rows(band) if causal else rows(band)) != "block"


@given(attention(most=7))
def test_by_distance_by_definition(matrix):
    n = len(matrix)
    allowed = np.tri(n, dtype=bool)
    matrix = causal_rows(matrix)
    expected = np.zeros((n, n))
    for i, j in zip(*allowed.nonzero(), strict=True):
        expected[i, j] = np.mean([matrix[k, k - (i - j)] for k in range(i - j, n)])
    found = by_distance(torch.tensor(matrix), torch.tensor(allowed))
    np.testing.assert_allclose(found, rows(expected), rtol=1e-9, atol=1e-12)


def test_within_a_window_everything_is_uniform():
    allowed = np.tri(64) - np.tri(64, k=-3)
    matrix = rows(allowed)
    assert pattern(matrix) == "local"
    assert pattern(matrix, allowed=allowed) == "uniform"


def test_a_key_that_few_queries_may_see_is_no_broadcast():
    matrix = np.tri(128) / np.arange(1, 129)[:, None]
    matrix[126:] = np.eye(128)[126]
    assert pattern(matrix) == "uniform"


def test_what_a_sink_takes_does_not_count():
    assert pattern(0.01 * synthetic(32, "bos", seed=0)) == "bos"


def test_cross_attention():
    column = np.full((3, 7), 0.02)
    column[:, 4] = 0.88
    assert pattern(column) == "broadcast"
    assert pattern(np.roll(column, 3, axis=1)) == "bos"
    assert pattern(np.full((3, 7), 1 / 7)) == "uniform"
    assert pattern(np.eye(3, 7)) == "mixed"


@pytest.mark.parametrize("matrix", [np.zeros((4, 4)), [[1.0]], [[0.0, 0.0], [1.0, 0.0]]])
def test_nothing_to_judge_is_mixed_or_what_is_left(matrix):
    expected = "bos" if np.sum(matrix) and len(matrix) > 1 else "mixed"
    assert pattern(matrix) == expected


@given(attention(square=False))
def test_always_a_known_name(matrix):
    assert pattern(matrix) in PATTERNS


def test_rows_of_synthetic_sum_to_one():
    for name in MADE:
        for causal in (False, True):
            sums = synthetic(17, name, seed=1, causal=causal).sum(-1)
            torch.testing.assert_close(sums, torch.ones(17))


def test_the_seed_makes_synthetic_repeatable():
    torch.testing.assert_close(synthetic(9, "local", seed=3), synthetic(9, "local", seed=3))
    assert not torch.equal(synthetic(9, "local"), synthetic(9, "local"))
    before = torch.get_rng_state()
    synthetic(9, "local", seed=3)
    assert torch.equal(before, torch.get_rng_state())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((8, "mixed"), "diagonal, local, broadcast, bos, block, uniform, but 'mixed'"),
        ((1, "bos"), "at least 2 tokens, but 1"),
        ((8, "bos", 1.0), r"in \[0, 1\), but 1.0"),
    ],
)
def test_wrong_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        synthetic(*arguments)
