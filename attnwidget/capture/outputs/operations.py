"""What an operation of torch does to a tagged tensor."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from attnwidget.trace.frozen_norm import FrozenNorm

SHAPES = ("view", "reshape", "transpose", "permute", "contiguous", "flatten", "unflatten")
SQUEEZES = ("squeeze", "unsqueeze", "swapaxes", "movedim", "_unsafe_view")
CASTS = ("to", "float", "half", "bfloat16", "type", "type_as", "clone", "detach", "dropout")
SAME_NUMBERS = frozenset((*SHAPES, *SQUEEZES, *CASTS))
"""Operations that only arrange numbers, or change their dtype; an index may take all of them."""

ADD = frozenset(("add", "add_", "__add__", "__radd__", "__iadd__"))
MULTIPLY = frozenset(("mul", "mul_", "multiply", "__mul__", "__rmul__", "__imul__"))
DIVIDE = frozenset(("div", "div_", "divide", "true_divide", "__truediv__", "__itruediv__"))
SUBTRACT = frozenset(("sub", "sub_", "subtract", "__sub__"))


def as_scaling(tensor: Tensor, factor: object, *, inverse: bool = False) -> FrozenNorm | None:
    """Return what the product of a tensor (..., D) and a factor is, None if it is no scaling.

    Scalings are a number, one number for each component, or one for each token.
    """
    number = _number(factor)
    if number is not None:
        return FrozenNorm(scale=1 / number if inverse else number)
    if not isinstance(factor, Tensor) or not tensor.ndim or not factor.ndim:
        return None
    width = tensor.shape[-1]
    found = factor.detach().float()
    found = found.reciprocal() if inverse else found
    if factor.shape[-1] == width == factor.numel():
        return FrozenNorm(weight=found.flatten().cpu())
    if factor.shape[-1] == 1 and factor.numel() == tensor.numel() // width:
        return FrozenNorm(factors=found.flatten().cpu())
    return None


def as_centring(tensor: Tensor, subtracted: object) -> FrozenNorm | None:
    """Return what a difference is if the means of the tokens were subtracted, else None."""
    if not isinstance(subtracted, Tensor) or subtracted.shape != (*tensor.shape[:-1], 1):
        return None
    means = tensor.float().mean(-1, keepdim=True)
    is_mean = torch.allclose(subtracted.float(), means, atol=1e-4, rtol=1e-3)
    return FrozenNorm(centred=True) if is_mean else None


def as_bias(tensor: Tensor, added: object) -> FrozenNorm | None:
    """Return what a sum is if one vector is added to every token, else None."""
    if not isinstance(added, Tensor) or added.numel() != tensor.shape[-1]:
        return None
    is_vector = added.ndim == 1 or (
        added.shape[-1:] == tensor.shape[-1:] and added.numel() != tensor.numel()
    )
    return FrozenNorm(bias=added.detach().flatten().cpu()) if is_vector else None


def layer_norm(args: Sequence[Any], options: dict[str, Any]) -> FrozenNorm | None:
    """Return the normalisation of a call of torch.nn.functional.layer_norm."""
    names = ("input", "normalized_shape", "weight", "bias", "eps")
    given = dict(zip(names, args, strict=False)) | options
    tensor = given["input"]
    if tuple(given["normalized_shape"]) != tensor.shape[-1:]:
        return None
    variance = tensor.float().var(-1, unbiased=False)
    return FrozenNorm(
        weight=_copy(given.get("weight")),
        bias=_copy(given.get("bias")),
        factors=torch.rsqrt(variance + given.get("eps", 1e-5)).flatten().cpu(),
        centred=True,
    )


def rms_norm(args: Sequence[Any], options: dict[str, Any]) -> FrozenNorm | None:
    """Return the normalisation of a call of torch.nn.functional.rms_norm."""
    names = ("input", "normalized_shape", "weight", "eps")
    given = dict(zip(names, args, strict=False)) | options
    tensor = given["input"]
    if tuple(given["normalized_shape"]) != tensor.shape[-1:]:
        return None
    eps = given.get("eps")
    eps = torch.finfo(tensor.dtype).eps if eps is None else eps
    factors = torch.rsqrt(tensor.float().square().mean(-1) + eps).flatten().cpu()
    return FrozenNorm(weight=_copy(given.get("weight")), factors=factors)


def takes_everything(tensor: Tensor, index: object) -> bool:
    """Return whether an index takes all of a tensor in its order: whole slices alone do."""
    parts = index if isinstance(index, tuple) else (index,)
    if all(map(_is_everything, parts)):
        return True
    if len(parts) > tensor.ndim or not all(isinstance(part, slice) for part in parts):
        return False
    sizes = zip(parts, tensor.shape, strict=False)
    return all(part.indices(size) == (0, size, 1) for part, size in sizes)


def selected_rows(tensor: Tensor, index: object) -> tuple[int, ...] | None:
    """Return the one row of each entry that an index selects of (B, n, D), None if it does not.

    Classifiers select so: ``x[:, 0]`` takes the first row, ``x[range(B), last]`` one for each.
    """
    if tensor.ndim != 3 or not isinstance(index, tuple) or len(index) < 2:
        return None
    entries, rows, *rest = index
    if any(not _is_everything(each) for each in rest):
        return None
    count = len(tensor)
    if _is_everything(entries) and isinstance(rows, int):
        return (rows % tensor.shape[1],) * count
    if not isinstance(entries, Tensor) or not isinstance(rows, Tensor):
        return None
    if entries.tolist() != list(range(count)) or rows.shape != (count,):
        return None
    return tuple(row % tensor.shape[1] for row in rows.tolist())


def projection(
    name: str, args: Sequence[Any], options: dict[str, Any]
) -> tuple[Tensor, Tensor, Tensor | None] | None:
    """Return the input, the weight (out, in) and the bias of a linear layer."""
    if name == "linear":
        given = dict(zip(("input", "weight", "bias"), args, strict=False)) | options
        return given["input"], given["weight"], given.get("bias")
    if name == "addmm" and not options and len(args) == 3:  # transformers' Conv1D
        return args[1], args[2].mT, args[0]
    return None


def _is_everything(index: object) -> bool:
    return index is Ellipsis or (isinstance(index, slice) and index == slice(None))


def _number(value: object) -> float | None:
    if isinstance(value, (int, float)):
        return float(value)
    return float(value) if isinstance(value, Tensor) and value.numel() == 1 else None


def _copy(tensor: Tensor | None) -> Tensor | None:
    return None if tensor is None else tensor.detach().float().cpu()
