"""Masks of any library."""

from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.utils.dlpack import from_dlpack

from attnwidget.trace.arrays import as_tensor


def as_mask(mask: Any, name: str) -> Tensor:
    """Return a mask as a tensor of booleans (True allows) or of numbers that are added.

    Raises
    ------
    ValueError
        It holds whole numbers, which could mean either, or numbers that are NaN or +inf.
    """
    given = _array(mask)
    kind = str(given.dtype).rpartition(".")[-1]
    if kind == "bool":
        return torch.as_tensor(given, device="cpu").clone()
    if "int" in kind:
        raise ValueError(
            f"{name} must be boolean (True allows) or floating (added to the scores), but its "
            f"dtype is {kind}. Pass mask.astype(bool), or mask.bool(), if its ones allow attention."
        )
    tensor = as_tensor(given, name).clone()
    if bool((tensor.isnan() | (tensor == torch.inf)).any()):
        raise ValueError(
            f"{name} must hold numbers that are added to the scores, -inf to forbid a key, but it "
            "has NaN or +inf."
        )
    return tensor


def _array(mask: Any) -> Any:
    if isinstance(mask, Tensor):
        return mask.detach().cpu()
    if hasattr(mask, "__dlpack__") and not hasattr(mask, "__array__"):
        return from_dlpack(mask).detach().cpu()
    return np.asarray(mask)
