"""The keys that masks let a block of queries reach."""

from __future__ import annotations

import torch
from hypothesis import given
from hypothesis import strategies as st

from attnwidget.trace.masking import band, keys_in_reach


@given(
    queries=st.lists(st.integers(0, 30), min_size=1, max_size=5),
    num_keys=st.integers(1, 30),
    causal=st.booleans(),
    window=st.none() | st.integers(1, 12),
)
def test_they_hold_every_key_that_is_allowed(queries, num_keys, causal, window):
    reach = keys_in_reach(queries, num_keys, causal=causal, window=window)
    kinds = {"causal": causal, "window": window}
    allowed = band(torch.tensor(queries), torch.arange(num_keys), **kinds)
    if allowed is None:
        assert reach == slice(0, num_keys)
        return
    near = torch.zeros(num_keys, dtype=torch.bool)
    near[reach] = True
    assert near.any()
    assert not (allowed & ~near).any()


def test_of_a_causal_window_they_are_the_window():
    assert keys_in_reach([7, 9], 100, causal=True, window=3) == slice(5, 10)
    assert keys_in_reach([7, 9], 100, causal=False, window=3) == slice(5, 12)
    assert keys_in_reach([7, 9], 100, causal=True, window=None) == slice(0, 10)
