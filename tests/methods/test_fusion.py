"""Fusing heads."""

import numpy as np
import pytest
import torch

from attnwidget.methods import fuse_heads

WEIGHTS = torch.randn(5, 3, 4, generator=torch.Generator().manual_seed(0)).softmax(-1)


@pytest.mark.parametrize("fusion", ["mean", "max", "min"])
@pytest.mark.parametrize("heads", [None, [0, 3], slice(1, 4), -1])
def test_fusions_equal_numpy(fusion, heads):
    chosen = WEIGHTS.numpy()[[heads] if isinstance(heads, int) else heads or slice(None)]
    expected = getattr(np, fusion)(chosen, axis=0)
    np.testing.assert_allclose(fuse_heads(WEIGHTS, fusion, heads).numpy(), expected, rtol=1e-6)


@pytest.mark.parametrize("form", [torch.Tensor.numpy, torch.Tensor.tolist, torch.Tensor.half])
def test_any_array_becomes_float32(form):
    fused = fuse_heads(form(WEIGHTS))
    assert fused.dtype == torch.float32
    torch.testing.assert_close(fused, WEIGHTS.mean(0), atol=1e-3, rtol=0)


def test_a_batch_of_one_and_a_single_head():
    torch.testing.assert_close(fuse_heads(WEIGHTS[None], "max"), WEIGHTS.amax(0))
    torch.testing.assert_close(fuse_heads(WEIGHTS[2], "min"), WEIGHTS[2])


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ((WEIGHTS, "median"), ValueError, "mean, max, min, but 'median'"),
        ((WEIGHTS[0, 0],), ValueError, r"shape is \(4,\)"),
        ((torch.stack([WEIGHTS, WEIGHTS]),), ValueError, "one layer of one input"),
        ((WEIGHTS, "mean", 5), IndexError, "head 5 is out of range"),
        ((WEIGHTS, "mean", []), ValueError, "no heads to fuse"),
    ],
)
def test_wrong_arguments(arguments, error, message):
    with pytest.raises(error, match=message):
        fuse_heads(*arguments)
