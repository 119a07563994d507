"""Compress masks of size n x n that are causal, a window or padding."""

from typing import NamedTuple

import torch
from torch import Tensor

from attnwidget.trace.masking import allowed_by, band


class CompressedMask(NamedTuple):
    """A mask, in the fields of a ProjectedLayer.

    Attributes
    ----------
    mask
        The rest of the mask, which `causal` and `window` do not express: None, (1, 1, n_k) if it
        depends on the key alone, else the whole mask.
    causal
        True if no query may attend to a later key.
    window
        Width of the window ``|query - key| < window`` of allowed keys, None without one.
    """

    mask: Tensor | None
    causal: bool
    window: int | None


def compress_mask(mask: Tensor) -> CompressedMask:
    """Return the smallest exact form of an attention mask.

    Parameters
    ----------
    mask
        Broadcastable to (H, n_q, n_k): boolean (True allows) or additive.

    Returns
    -------
    CompressedMask
        A mask with exactly the same effect. A mask that is more than causal, a sliding window and
        padding of keys stays as it is.
    """
    mask = _without_equal_heads(mask.detach().cpu())
    allowed = allowed_by(mask)
    adds = mask.dtype != torch.bool and bool((mask.masked_fill(~allowed, 0) != 0).any())
    if mask.shape[0] > 1 or mask.shape[1] == 1 or mask.shape[2] == 1:
        if not adds:
            return CompressedMask(None if allowed.all() else allowed, False, None)
        return CompressedMask(mask, False, None)

    causal, window, keys = _structure(allowed[0])
    if keys is None:
        return CompressedMask(mask if adds else allowed, causal, None)
    if not adds:
        return CompressedMask(None if keys.all() else keys[None, None], causal, window)
    added = mask[0].masked_fill(~allowed[0], -torch.inf).amax(0)
    if not bool(((mask[0] == added) | ~allowed[0]).all()):
        return CompressedMask(mask, causal, None)
    return CompressedMask(added[None, None], causal, window)


def _without_equal_heads(mask: Tensor) -> Tensor:
    while mask.ndim < 3:
        mask = mask[None]
    if mask.ndim > 3:
        raise ValueError(
            f"A mask must be (heads, queries, keys), but its shape is {tuple(mask.shape)}: "
            "select one entry of the batch."
        )
    if mask.shape[0] > 1 and all(torch.equal(head, mask[0]) for head in mask[1:]):
        mask = mask[:1]
    return mask


def _structure(allowed: Tensor) -> tuple[bool, int | None, Tensor | None]:
    """Return causal, window and the allowed keys; None for the keys if these are not enough."""
    # 32 bits, because a matrix of distances is the largest thing made here.
    rows = torch.arange(allowed.shape[0], dtype=torch.int32, device="cpu")
    columns = torch.arange(allowed.shape[1], dtype=torch.int32, device="cpu")
    keys = allowed.any(0)
    causal = not bool(allowed.triu(1).any())

    def is_equal(causal: bool, window: int | None) -> bool:
        pattern = band(rows, columns, causal=causal, window=window)
        expected = keys.expand_as(allowed) if pattern is None else pattern & keys
        return torch.equal(expected, allowed)

    for candidate in (False, True) if causal else (False,):
        if is_equal(candidate, None):
            return candidate, None, keys
    reach = (rows[:, None] - columns).abs().masked_fill(~allowed, 0).amax()
    window = int(reach) + 1
    return (causal, window, keys) if is_equal(causal, window) else (causal, None, None)
