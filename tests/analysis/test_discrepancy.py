import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnwidget.analysis import discrepancy
from tests.analysis.matrices import attention

WORDS = ["a", "b"]


def test_hand_worked():
    found = discrepancy([[0.8, 0.2], [0.4, 0.6]], [[1.0, 1.0], [2.0, 0.0]], WORDS)
    high, low = found["high_attention_low_flow"], found["low_attention_high_flow"]
    assert [(each["query"], each["key"]) for each in high] == [("b", "b"), ("a", "a")]
    assert high[0] == {
        "query": "b",
        "key": "b",
        "query_index": 1,
        "key_index": 1,
        "attention": 0.6,
        "flow": 0.0,
        "difference": pytest.approx(0.75),
    }
    assert [(each["query"], each["key"]) for each in low] == [("b", "a"), ("a", "b")]
    assert [each["difference"] for each in low] == pytest.approx([0.5, 0.25])


@given(attention(square=False), st.floats(0, 0.9), st.integers(0, 99))
def test_by_definition(matrix, threshold, seed):
    flow = np.random.default_rng(seed).random(matrix.shape)
    queries, keys = (
        [f"{side}{i}" for i in range(n)] for side, n in zip("qk", matrix.shape, strict=True)
    )
    found = discrepancy(matrix, flow, queries, threshold, key_tokens=keys)
    difference = matrix / matrix.max() - flow / flow.max()
    for name, excess in zip(found, (difference, -difference), strict=True):
        listed = found[name]
        assert {(each["query_index"], each["key_index"]) for each in listed} == set(
            zip(*(excess > threshold).nonzero(), strict=True)
        )
        values = [each["difference"] for each in listed]
        assert values == sorted(values, reverse=True)


def test_a_matrix_agrees_with_its_multiple():
    scores = np.random.default_rng(0).random((3, 3))
    found = discrepancy(scores, 7 * scores, list("abc"))
    assert found == {"high_attention_low_flow": [], "low_attention_high_flow": []}


def test_no_flow_at_all():
    found = discrepancy(np.eye(2), np.zeros((2, 2)), WORDS)
    assert len(found["high_attention_low_flow"]) == 2
    assert not found["low_attention_high_flow"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((np.eye(2), np.eye(3), WORDS), r"these are \(2, 2\) and \(3, 3\)"),
        ((np.eye(2), -np.eye(2), WORDS), "flow must hold numbers from 0 up"),
        ((np.eye(2), np.ones((3, 2, 2)), WORDS), "flow must be a matrix"),
        ((np.eye(2), np.eye(2), ["a"]), "2 query positions, but 1"),
        ((np.eye(2), np.eye(2), WORDS, 1.5), r"in \[0, 1\), but 1.5"),
    ],
)
def test_wrong_arguments(arguments, message):
    with pytest.raises(ValueError, match=message):
        discrepancy(*arguments)
