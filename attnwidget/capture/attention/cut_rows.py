"""The contexts of queries whose attention is cut."""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor
from torch.utils.checkpoint import checkpoint

from attnwidget.capture.attention.projections import Projections
from attnwidget.trace.cut import Mode
from attnwidget.trace.layer_cut import LayerCut, check_left, index, taken
from attnwidget.trace.masking import added_by, allowed_by

BLOCK_ELEMENTS = 1 << 22
"""Most logits in memory at a time."""


class CutRows(NamedTuple):
    """Rows of attention that are computed anew.

    Attributes
    ----------
    contexts
        (B', H', n_q', d_v).
    emptied
        Number of rows, of all heads, that have lost every key that the mask allows them.
    """

    contexts: Tensor
    emptied: int


def cut_rows(
    projections: Projections,
    entries: Sequence[int],
    cuts: Sequence[Sequence[LayerCut]],
    heads: Sequence[int],
    queries: Sequence[int],
) -> CutRows:
    """Return the contexts of some heads and queries after cuts, in float32 and bounded memory.

    Renormalising cuts act before the softmax, as if the mask forbade their keys; a row that has no
    key left is 0. Cuts to zero act after it.

    Parameters
    ----------
    projections
        The arguments of the attention function.
    entries
        Entries of the batch.
    cuts
        The cuts of each of these entries, none of the mode ``"mean"``.
    heads, queries
        The rows to compute.

    Raises
    ------
    ValueError
        Cuts take every key of a query together, the forbidden ones too.
    """
    query, key, value = projections.query, projections.key, projections.value
    device = query.device
    at, chosen, rows = index(entries, device)[:, None], index(heads, device), index(queries, device)
    group = query.shape[1] // key.shape[1]
    keys, values = (each[at, chosen // group].float() for each in (key, value))
    mask, bias = (
        None if each is None else _of_heads(each, at[:, 0], chosen, query)
        for each in (projections.mask, projections.bias)
    )
    given = replace(projections, mask=mask, bias=bias)
    sinks = None if projections.sinks is None else projections.sinks[chosen].float()
    size = max(1, BLOCK_ELEMENTS // max(1, len(entries) * len(heads) * key.shape[2]))
    parts: list[Tensor] = []
    emptied = 0
    for block in torch.split(rows, size):
        forbidden = _taken(cuts, chosen, block, key.shape[2], "renormalise")
        zeroed = _taken(cuts, chosen, block, key.shape[2], "zero")
        queried = query[at, chosen][:, :, block].float()
        arguments = (queried, keys, values, given, sinks, block, forbidden, zeroed)
        context, lost = (
            checkpoint(_attend, *arguments, use_reentrant=False)
            if torch.is_grad_enabled()
            else _attend(*arguments)
        )
        parts.append(context)
        emptied += lost
    return CutRows(torch.cat(parts, dim=2), emptied)


def _attend(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    given: Projections,
    sinks: Tensor | None,
    rows: Tensor,
    forbidden: Tensor | None,
    zeroed: Tensor | None,
) -> tuple[Tensor, int]:
    scale = query.shape[-1] ** -0.5 if given.scale is None else given.scale
    logits = (query @ key.mT) * scale
    if given.softcap is not None:
        logits = given.softcap * torch.tanh(logits / given.softcap)
    if given.bias is not None:
        logits = logits + _tile(given.bias, rows).float()
    emptied = 0
    allowed = _allowed(given, rows, key.shape[2])
    if given.mask is not None:
        added = added_by(_tile(given.mask, rows))
        logits = logits if added is None else logits + added
    if forbidden is not None:
        check_left(forbidden)
        before = torch.ones_like(forbidden) if allowed is None else allowed.expand_as(logits)
        allowed = before & ~forbidden
        emptied = int((before.any(-1) & ~allowed.any(-1)).sum())
    if allowed is not None:
        logits = logits.masked_fill(~allowed, -torch.inf)
    if sinks is not None:
        column = sinks.reshape(1, -1, 1, 1).expand(*logits.shape[:3], 1)
        weights = torch.cat([logits, column], dim=-1).softmax(-1)[..., :-1]
    else:
        weights = logits.softmax(-1)
        if allowed is not None:
            # Without a key the softmax is NaN.
            weights = torch.where(allowed.any(-1, keepdim=True), weights, 0.0)
    if zeroed is not None:
        weights = weights.masked_fill(zeroed, 0.0)
    return weights @ value, emptied


def _allowed(given: Projections, rows: Tensor, num_keys: int) -> Tensor | None:
    """Return the pairs that the mask allows, broadcastable to (B', H', n_q', n_k)."""
    allowed = None if given.mask is None else allowed_by(_tile(given.mask, rows))
    if given.causal:
        earlier = torch.arange(num_keys, device=rows.device) <= rows[:, None]
        allowed = earlier if allowed is None else allowed & earlier
    return allowed


def _taken(
    cuts: Sequence[Sequence[LayerCut]], heads: Tensor, rows: Tensor, num_keys: int, mode: Mode
) -> Tensor | None:
    """Return the pairs that the cuts of each entry take, (B', H', n_q', n_k); None without any."""
    columns = torch.arange(num_keys, device=rows.device)
    found = [taken(each, mode, heads, rows, columns) for each in cuts]
    if all(each is None for each in found):
        return None
    nothing = torch.zeros((), dtype=torch.bool, device=rows.device)
    shape = (len(heads), len(rows), num_keys)
    return torch.stack([(nothing if each is None else each).expand(shape) for each in found])


def _of_heads(tensor: Tensor, entries: Tensor, heads: Tensor, query: Tensor) -> Tensor:
    """Return the part of a mask or bias, broadcastable to (B, H, n_q, n_k), of some heads."""
    tensor = tensor.reshape(*(1,) * (4 - tensor.ndim), *tensor.shape)
    if tensor.shape[0] == query.shape[0] and len(tensor) > 1:
        tensor = tensor[entries]
    return tensor[:, heads] if tensor.shape[1] > 1 else tensor


def _tile(tensor: Tensor, rows: Tensor) -> Tensor:
    return tensor[:, :, rows] if tensor.shape[2] > 1 else tensor
