"""Attention with a soft cap or sinks, which SDPA lacks, in memory linear in n."""

from functools import partial

import torch
from torch import Tensor
from torch.utils.checkpoint import checkpoint

BLOCK_ELEMENTS = 1 << 22
"""Most logits in memory at a time."""


def blockwise_attention(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    *,
    scale: float,
    mask: Tensor | None,
    causal: bool,
    softcap: float | None,
    sinks: Tensor | None,
    dropout: float = 0.0,
) -> Tensor:
    """Return attention with a soft cap and learned sinks, computed a few queries at a time.

    With gradients the backward pass computes the weights of each block again, so that only
    queries, keys and values stay in memory.

    Parameters
    ----------
    query
        (B, H, n_q, d).
    key, value
        (B, H_kv, n_k, d) and (B, H_kv, n_k, d_v); H is a multiple of H_kv.
    mask
        Broadcastable to (B, H, n_q, n_k): boolean (True allows) or additive.
    causal
        True forbids keys after the query; for use without a mask.
    softcap
        Cap c of the scaled scores: ``c * tanh(score / c)``.
    sinks
        (H,) logits that take part in the normalisation only.
    dropout
        Probability with which a weight is dropped.

    Returns
    -------
    Tensor
        (B, H, n_q, d_v) in the dtype of `value`.
    """
    batch, heads, num_queries, _ = query.shape
    num_keys = key.shape[2]
    groups = heads // key.shape[1]
    key = key.repeat_interleave(groups, dim=1)
    value = value.repeat_interleave(groups, dim=1)
    step = max(1, BLOCK_ELEMENTS // (batch * heads * num_keys))
    attend = partial(_attend, scale=scale, softcap=softcap, dropout=dropout)
    blocks = []
    for start in range(0, num_queries, step):
        rows = slice(start, min(start + step, num_queries))
        part = mask if mask is None or mask.shape[-2] == 1 else mask[..., rows, :]
        given = (query[:, :, rows], key, value, part, start if causal else None, sinks)
        blocks.append(
            checkpoint(attend, *given, use_reentrant=False)
            if torch.is_grad_enabled()
            else attend(*given)
        )
    return torch.cat(blocks, dim=2)


def _attend(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    mask: Tensor | None,
    first: int | None,
    sinks: Tensor | None,
    *,
    scale: float,
    softcap: float | None,
    dropout: float,
) -> Tensor:
    """Return the output for a block of queries.

    `first` is the position of the block's first query; None allows later keys.
    """
    logits = (query @ key.mT).float() * scale
    if softcap is not None:
        logits = softcap * torch.tanh(logits / softcap)
    if first is not None:
        rows = torch.arange(first, first + logits.shape[-2], device=logits.device)
        later = torch.arange(logits.shape[-1], device=logits.device) > rows[:, None]
        logits = logits.masked_fill(later, -torch.inf)
    if mask is not None:
        logits = _masked(logits, mask)
    weights = _softmax(logits, sinks).to(value.dtype)
    return torch.nn.functional.dropout(weights, dropout, training=dropout > 0) @ value


def _masked(logits: Tensor, mask: Tensor) -> Tensor:
    if mask.dtype == torch.bool:
        # The lowest number instead of -inf, so that a row without keys gives no NaN.
        return logits.masked_fill(~mask, torch.finfo(logits.dtype).min)
    return logits + mask


def _softmax(logits: Tensor, sinks: Tensor | None) -> Tensor:
    if sinks is None:
        return logits.softmax(-1)
    column = sinks.float().reshape(1, -1, 1, 1).expand(*logits.shape[:3], 1)
    return torch.cat([logits, column], dim=-1).softmax(-1)[..., :-1]
