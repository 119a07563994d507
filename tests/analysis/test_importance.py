import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from attnwidget.analysis import critical_connections, token_importance
from attnwidget.trace import Tokens
from tests.analysis.matrices import attention

SCORES = [[0.1, 0.6, 0.3], [0.5, 0.2, 0.3], [0.0, 0.9, 0.1]]
WORDS = ["a", "b", "c"]


def test_incoming_adds_columns():
    found = token_importance(SCORES, WORDS)
    assert [token for token, _ in found] == WORDS
    assert [score for _, score in found] == pytest.approx([0.6 / 3, 1.7 / 3, 0.7 / 3])


def test_outgoing_adds_rows():
    found = token_importance([[1, 2], [3, 6]], ["a", "b"], "outgoing", normalize=False)
    assert found == [("a", 3.0), ("b", 9.0)]


@given(attention(square=False))
def test_importances_sum_to_one(matrix):
    for direction, count in (("outgoing", matrix.shape[0]), ("incoming", matrix.shape[1])):
        found = token_importance(matrix, [f"t{i}" for i in range(count)], direction)
        assert sum(score for _, score in found) == pytest.approx(1)


def test_nothing_has_no_importance():
    assert token_importance(np.zeros((2, 2)), ["a", "b"]) == [("a", 0.0), ("b", 0.0)]


def test_pieces_are_readable():
    pieces = Tokens.from_text(["walk", "##ing"])
    assert token_importance(np.eye(2), pieces) == [("walk", 0.5), ("ing", 0.5)]


@given(attention(), st.booleans(), st.data())
def test_connections_are_the_largest_entries(matrix, diagonal, data):
    n = len(matrix)
    allowed = np.ones((n, n), bool) if n > 1 and np.triu(matrix, 1).any() else np.tri(n, dtype=bool)
    if not diagonal:
        allowed &= ~np.eye(n, dtype=bool)
    if not allowed.any():
        return
    matrix = matrix.astype(np.float32)
    top_k = data.draw(st.integers(1, int(allowed.sum())))
    words = [f"t{i}" for i in range(n)]
    found = critical_connections(matrix, words, top_k, diagonal=diagonal)
    pairs = sorted(zip(*allowed.nonzero(), strict=True), key=lambda pair: (-matrix[pair], *pair))
    assert found == [(words[i], words[j], float(matrix[i, j])) for i, j in pairs[:top_k]]


def test_connections_of_other_keys():
    found = critical_connections([[0.2, 0.3, 0.5]], ["x"], 2, key_tokens=WORDS, diagonal=False)
    assert found == [("x", "c", 0.5), ("x", "b", pytest.approx(0.3))]


def test_masked_pairs_do_not_count():
    causal = torch.tensor([[1.0, 0.0], [0.4, 0.6]])
    assert len(critical_connections(causal, ["a", "b"], 3)) == 3
    with pytest.raises(ValueError, match=r"from 1 to 3, .* but 4 was given"):
        critical_connections(causal, ["a", "b"], 4)


SIGNED = torch.tensor([[0.1, -0.5, 0.0], [0.25, 0.0, -0.25], [0.0, 0.3, -0.1]])


def test_connections_with_signs_go_by_magnitude():
    found = critical_connections(SIGNED, WORDS, 3, signed=True)
    values = [value for _, _, value in found]
    assert values == pytest.approx([-0.5, 0.3, 0.25])


def test_importance_with_signs_is_a_sum_over_all_magnitudes():
    found = token_importance(SIGNED, WORDS, signed=True)
    assert [value for _, value in found] == pytest.approx([0.35 / 1.5, -0.2 / 1.5, -0.35 / 1.5])
    with pytest.raises(ValueError, match="pass signed=True"):
        token_importance(SIGNED, WORDS)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((SCORES, WORDS, 0), "from 1 to 9"),
        ((SCORES, WORDS, 10), "from 1 to 9"),
        ((SCORES, WORDS, 2.5), "whole number"),
        ((SCORES, WORDS[:2]), "3 query positions, but 2 query tokens"),
        (([[0.5, -1]], ["a"]), "negative at query 0, key 1"),
        (([SCORES], WORDS), "must be a matrix"),
    ],
)
def test_wrong_connections(arguments, message):
    with pytest.raises(ValueError, match=message):
        critical_connections(*arguments)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((SCORES, WORDS, "sideways"), "incoming, outgoing, but 'sideways'"),
        ((SCORES, ["a"]), "3 key positions, but 1 key tokens"),
        ((SCORES, "abc"), "must be a list of strings"),
        (([[float("nan")]], ["a"]), "NaN"),
    ],
)
def test_wrong_importance(arguments, message):
    with pytest.raises(ValueError, match=message):
        token_importance(*arguments)
