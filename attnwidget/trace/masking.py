"""Causal, sliding and additive masks."""

from collections.abc import Sequence

import torch
from torch import Tensor

FORBIDS = -9e3
"""Largest number with which an additive mask forbids a key.

Models write ``-inf``, the smallest number of a dtype, or -1e4, which is -9984 in bfloat16. The
weight is zero in float32 either way, except where every key of a row is forbidden.
"""


def band(queries: Tensor, keys: Tensor, *, causal: bool, window: int | None) -> Tensor | None:
    """Return the pairs that a causal or sliding mask allows.

    Parameters
    ----------
    queries, keys
        (n_q,) and (n_k,) positions of the tokens.
    causal
        True forbids keys after the query.
    window
        Width of the window: only ``|query - key| < window`` is allowed; None without one.

    Returns
    -------
    Tensor or None
        (n_q, n_k) bool; None if every pair is allowed.
    """
    if not causal and window is None:
        return None
    if window is None:
        return queries[:, None] >= keys[None, :]
    distance = queries[:, None] - keys[None, :]
    if causal:
        return (distance >= 0) & (distance < window)
    return distance.abs() < window


def keys_in_reach(
    queries: Sequence[int], num_keys: int, *, causal: bool, window: int | None
) -> slice:
    """Return the keys that a causal or sliding mask allows any of some queries.

    Parameters are those of `band`. All keys are returned where it allows none.
    """
    first, last = min(queries), max(queries)
    start = 0 if window is None else max(0, first - window + 1)
    stop = last + 1 if causal else num_keys if window is None else last + window
    start, stop = min(start, num_keys), min(stop, num_keys)
    return slice(start, stop) if start < stop else slice(0, num_keys)


def allowed_by(mask: Tensor) -> Tensor:
    """Return the pairs that a boolean (True allows) or additive mask allows."""
    if mask.dtype == torch.bool:
        return mask
    if not mask.is_floating_point():
        raise ValueError(
            "A mask must be boolean (True allows) or floating (added), but its dtype is "
            f"{mask.dtype}. Pass mask.bool() if its ones allow attention."
        )
    return mask > FORBIDS


def added_by(mask: Tensor) -> Tensor | None:
    """Return the finite numbers that an additive mask adds, None if there are none."""
    if mask.dtype == torch.bool:
        return None
    added = mask.float().masked_fill(mask <= FORBIDS, 0.0)
    return added if added.any() else None
