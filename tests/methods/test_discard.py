"""Finding an entry by its rank without holding all entries."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as stn

from attnwidget.methods.discard import Discard, threshold

ENTRIES = st.one_of(
    st.floats(0, 1, allow_subnormal=True), st.sampled_from([0.0, 0.25, np.nextafter(0.25, 1), 1.0])
)


@given(
    stn.arrays(np.float64, st.integers(1, 80), elements=ENTRIES),
    st.integers(0, 79),
    st.integers(1, 30),
    st.integers(0, 100),
)
def test_ranks_equal_a_sort(entries, rank, size, few):
    entries, rank = np.abs(entries), rank % len(entries)
    passes = []

    def blocks():
        passes.append(1)
        return iter(torch.from_numpy(entries).split(size))

    found = threshold(blocks, rank, few)
    assert np.array_equal(entries >= found, entries >= np.sort(entries)[rank])
    assert len(passes) <= 8


def test_one_pass_tells_of_zeros():
    entries = torch.zeros(1000, dtype=torch.float64)
    entries[:300] = torch.linspace(0.1, 0.2, 300, dtype=torch.float64)
    calls = []
    assert threshold(lambda: calls.append(1) or iter([entries]), 699, few=10) == 0
    assert len(calls) == 1


def test_entries_may_be_rounded_otherwise_the_next_time():
    entries = torch.rand(999, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    found = threshold(lambda: iter([entries]), 500, few=100)
    assert int((entries * (1 - 1e-6) >= found).sum()) == int((entries >= found).sum()) == 499


@pytest.mark.parametrize("ratio", [0.1, 0.25, 0.5])
def test_the_share_that_is_discarded(ratio):
    matrix = torch.rand(40, 30, dtype=torch.float64, generator=torch.Generator().manual_seed(0))
    left = Discard(lambda nodes: matrix[nodes].clone(), 40, 30, ratio)(matrix.clone())
    assert int((left == 0).sum()) == int(40 * 30 * ratio)
    assert left[left > 0].min() > matrix[left == 0].max()


def test_a_row_keeps_its_largest_entry():
    matrix = torch.tensor([[0.01, 0.02], [0.4, 0.6]], dtype=torch.float64)
    left = Discard(lambda nodes: matrix[nodes].clone(), 2, 2, 0.75)(matrix.clone())
    assert left.tolist() == [[0.0, 0.02], [0.0, 0.6]]
