"""Matrices of attention for tests."""

import numpy as np
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp


def rows(matrix):
    """Return a matrix with rows divided by their sum."""
    matrix = np.asarray(matrix, np.float64)
    return matrix / matrix.sum(-1, keepdims=True)


def causal_rows(matrix):
    return rows(np.tril(matrix))


@st.composite
def attention(draw, *, square=True, most=9):
    """Rows that sum to 1, of any sharpness."""
    sizes = st.integers(1, most)
    queries = draw(sizes)
    shape = (queries, queries if square else draw(sizes))
    logits = draw(hnp.arrays(np.float64, shape, elements=st.floats(-8, 8, width=32)))
    return rows(np.exp(logits))
