"""The output of torch's own multi-head attention with other weights."""

import inspect
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

TOLERANCE = 1e-3
"""Largest difference of an output that is computed again, as a share of the largest number."""


def output_with_weights(
    weights: Tensor,
    call: tuple[tuple[Any, ...], dict[str, Any]],
    output: Tensor,
    own_weights: Tensor,
) -> Tensor:
    """Return what ``multi_head_attention_forward`` would return if its weights were others.

    Parameters
    ----------
    weights
        The other weights, (B, H, n_q, n_k).
    call
        Arguments of the function, by position and by name.
    output, own_weights
        What it returned, and its own weights, with which the computation is verified.

    Raises
    ------
    ValueError
        The module appends keys of its own, or its output is not that of its weights and values.
    """
    args, options = call
    signature = inspect.signature(functional.multi_head_attention_forward)
    given = signature.bind(*args, **options).arguments
    values = _values(given, weights.shape[1])
    if values.shape[2] != weights.shape[3]:
        raise ValueError(
            "nn.MultiheadAttention with add_bias_kv, add_zero_attn or static keys attends to keys "
            "that are no tokens, so its attention cannot be cut. Make it without them."
        )
    with torch.no_grad():
        again = _projected(own_weights @ values, given).reshape(output.shape)
        largest = max(float(output.abs().max()), 1.0)
        error = float((again - output).abs().max())
    if error > TOLERANCE * largest:
        raise ValueError(
            "The output of nn.MultiheadAttention is not that of its weights and values, so its "
            "attention cannot be cut. Please report the model."
        )
    return _projected(weights.to(values.dtype) @ values, given).reshape(output.shape)


def _values(given: dict[str, Any], heads: int) -> Tensor:
    """Return the values of each head, (B, H, n_k, d)."""
    value: Tensor = given["value"]
    value = value if value.ndim == 3 else value[:, None]
    width = given["embed_dim_to_check"]
    bias = given["in_proj_bias"]
    own = given.get("v_proj_weight") if given.get("use_separate_proj_weight") else None
    projection = given["in_proj_weight"][2 * width :] if own is None else own
    projected: Tensor = functional.linear(
        value, projection, None if bias is None else bias[2 * width :]
    )
    split = projected.reshape(*projected.shape[:2], heads, -1)
    return split.permute(1, 2, 0, 3)


def _projected(contexts: Tensor, given: dict[str, Any]) -> Tensor:
    joined = contexts.permute(2, 0, 1, 3).flatten(2)
    projected: Tensor = functional.linear(joined, given["out_proj_weight"], given["out_proj_bias"])
    return torch.squeeze(projected, 1) if given["query"].ndim == 2 else projected
