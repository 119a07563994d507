"""Indices as users write them."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from attnwidget.trace.indexing import resolve, resolve_index

bounds = st.none() | st.integers(-8, 8)


@given(st.builds(slice, bounds, bounds, st.none() | st.integers(-3, 3).filter(bool)))
def test_slices_mean_what_they_mean_to_a_list(selection):
    resolved = resolve(selection, 6, "key")
    assert torch.arange(6)[resolved].tolist() == list(range(6))[selection]


@given(st.lists(st.integers(-6, 5)))
def test_lists_count_from_the_end(selection):
    assert resolve(selection, 6, "key") == [range(6)[index] for index in selection]


@pytest.mark.parametrize(
    "selection",
    [-2, np.int64(4), torch.tensor(4), [4], (4,), range(4, 5), np.array([4]), torch.tensor([-2])],
)
def test_every_form_of_an_index_keeps_the_axis(selection):
    assert resolve(selection, 6, "key") == [4]


@pytest.mark.parametrize("index", [6, -7])
def test_out_of_range(index):
    with pytest.raises(
        IndexError, match=f"head {index} is out of range: there are 6 heads.*0 to 5"
    ):
        resolve([0, index], 6, "head")


@pytest.mark.parametrize("selection", [1.0, True, "1", [True, False], np.array([0.5]), [[1]]])
def test_what_is_no_index_is_refused(selection):
    with pytest.raises(ValueError, match="head must be a whole number"):
        resolve(selection, 6, "head")


def test_a_layer_that_is_no_number():
    with pytest.raises(ValueError, match="layer must be a whole number, but None"):
        resolve_index(None, 6, "layer")


@pytest.mark.parametrize(
    ("axis", "amount"), [("index", "3 indices"), ("class", "3 classes"), ("layer", "3 layers")]
)
def test_an_error_counts_what_there_is_in_words(axis, amount):
    with pytest.raises(IndexError, match=f"{axis} 3 is out of range: there are {amount}, so"):
        resolve_index(3, 3, axis)
