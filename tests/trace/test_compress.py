"""Compressed masks and biases forbid and add exactly what they were made from."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from attnwidget.trace import RelativeBias, compress_bias, compress_mask
from tests.trace.layers import full, layer


def causal(n):
    return torch.ones(n, n).tril().bool()


def distance(n):
    return (torch.arange(n)[:, None] - torch.arange(n)).abs()


def additive(allowed, dtype=torch.float32):
    return torch.zeros(allowed.shape, dtype=dtype).masked_fill(~allowed, torch.finfo(dtype).min)


@pytest.mark.parametrize("form", [lambda mask: mask, additive, lambda m: additive(m, torch.half)])
@pytest.mark.parametrize(
    ("mask", "expected"),
    [
        (torch.ones(6, 6).bool(), (False, None)),
        (causal(6), (True, None)),
        (causal(6) & (distance(6) < 3), (True, 3)),
        (distance(6) < 3, (False, 3)),
        (causal(6).expand(4, 6, 6), (True, None)),
        (causal(6)[None], (True, None)),
    ],
    ids=["all", "causal", "causal window", "window", "by head", "with a head axis"],
)
def test_structure_is_recognised(mask, expected, form):
    assert compress_mask(form(mask)) == (None, *expected)


@pytest.mark.parametrize("base", [torch.ones(6, 6).bool(), causal(6), distance(6) < 3])
def test_padding_is_kept_by_key(base):
    keys = torch.tensor([False, True, True, True, True, False])
    compressed = compress_mask(base & keys)
    assert compressed.mask.shape == (1, 1, 6)
    assert torch.equal(compressed.mask[0, 0], keys)


def test_numbers_by_key_are_kept_by_key():
    added = torch.randn(6)
    mask = added.expand(6, 6).masked_fill(~causal(6), -torch.inf)
    compressed = compress_mask(mask)
    assert compressed.causal
    assert torch.equal(compressed.mask[0, 0], added)


def test_other_masks_stay_and_are_known_to_be_causal():
    packed = causal(6) & (torch.arange(6)[:, None] // 3 == torch.arange(6) // 3)
    compressed = compress_mask(packed)
    assert torch.equal(compressed.mask[0], packed)
    assert (compressed.causal, compressed.window) == (True, None)


def test_a_batch_is_refused():
    with pytest.raises(ValueError, match=r"\(2, 1, 3, 3\).*one entry of the batch"):
        compress_mask(torch.ones(2, 1, 3, 3).bool())


sizes = st.integers(1, 6)


@st.composite
def masks(draw):
    """Masks of the known kinds, some with a few entries changed, some with numbers."""
    queries, keys = draw(sizes), draw(sizes)
    gap = torch.arange(queries)[:, None] - torch.arange(keys)
    allowed = (gap >= 0) if draw(st.booleans()) else torch.ones(queries, keys).bool()
    allowed = allowed & (gap.abs() < draw(st.integers(1, 7)))
    allowed = allowed & torch.tensor(draw(st.lists(st.booleans(), min_size=keys, max_size=keys)))
    for _ in range(draw(st.integers(0, 2))):
        row, column = draw(st.integers(0, queries - 1)), draw(st.integers(0, keys - 1))
        allowed[row, column] = ~allowed[row, column]
    mask = allowed.expand(draw(st.sampled_from([1, 4])), queries, keys)
    kind = draw(st.sampled_from(["bool", "additive", "by key", "free"]))
    if kind == "bool":
        return mask
    numbers = {
        "additive": torch.zeros(1),
        "by key": torch.randn(keys),
        "free": torch.randn(queries, keys),
    }[kind]
    return numbers.expand(mask.shape).masked_fill(~mask, -torch.inf)


@given(masks())
def test_compressed_masks_are_exact(mask):
    shape = {"queries": mask.shape[1], "keys": mask.shape[2]}
    compressed = layer(**shape, **compress_mask(mask)._asdict())
    assert torch.equal(full(compressed), full(layer(**shape, mask=mask)))


def test_relative_biases_are_recognised_and_exact():
    values = torch.randn(4, 11)
    offsets = torch.arange(7)[None, :] - torch.arange(5)[:, None] + 4
    bias = values[:, offsets]
    compressed = compress_bias(bias)
    assert isinstance(compressed, RelativeBias)
    assert torch.equal(compressed.values, values)
    assert torch.equal(compressed.tile(slice(None), slice(None), slice(None)), bias)
    assert torch.equal(compressed.tile([2], [4, 0], slice(1, 3)), bias[[2]][:, [4, 0], 1:3])


def test_other_biases_stay_and_zeros_vanish():
    free = torch.randn(4, 5, 5)
    assert compress_bias(free) is free
    assert compress_bias(torch.zeros(4, 5, 5)) is None
