"""First-order estimates of cuts: the gradient at the attention as it is."""

from collections.abc import Iterator

import torch
from torch import Tensor

from attnwidget.trace import AttentionLayer
from attnwidget.trace.indexing import Indices, positions
from attnwidget.trace.softmax import blocks

NEARLY_ALL = 0.9
"""Weight from which on what is left of a row is summed up instead of subtracted."""


def cut_keys(
    layer: AttentionLayer, gradient: Tensor, queries: Indices
) -> Iterator[tuple[int, Tensor]]:
    """Yield for each head the estimated change of the target if a query loses a key.

    With A the head's weights, ``G_ij`` the derivative of the target by ``A_ij`` and
    ``s_i = sum_j A_ij G_ij``, the other keys share the weight of key j, so the context changes by
    ``(A_ij s_i - A_ij G_ij) / (1 - A_ij)`` along the gradient.

    Parameters
    ----------
    layer
        The layer.
    gradient
        Its gradient, as `GradientSource.of_layer` returns it.
    queries
        The queries.

    Yields
    ------
    tuple of int and Tensor
        The head, and a block of rows (m, n_k) float32.
    """
    rows = positions(queries, layer.num_queries)
    for head in range(layer.num_heads):
        for _, block in blocks(rows, layer.num_keys):
            yield head, _block(layer, gradient, head, block)


def cut_edges(layer: AttentionLayer, gradient: Tensor, heads: Indices, queries: Indices) -> Tensor:
    """Return what `cut_keys` yields of some heads as one tensor, (H', n_q, n_k) float32."""
    rows = positions(queries, layer.num_queries)
    chosen = positions(heads, layer.num_heads).tolist()
    changes = torch.empty(len(chosen), len(rows), layer.num_keys, device="cpu")
    for place, head in enumerate(chosen):
        for part, block in blocks(rows, layer.num_keys):
            changes[place, part] = _block(layer, gradient, head, block)
    return changes


def head_sums(layer: AttentionLayer, gradient: Tensor) -> Tensor:
    """Return ``sum_ij A_ij G_ij`` of each head, (H,): what its output adds to first order."""
    keys = slice(0, layer.num_keys)
    sums = torch.zeros(layer.num_heads, device="cpu")
    for head in range(layer.num_heads):
        for _, block in blocks(positions(slice(None), layer.num_queries), layer.num_keys):
            weights = layer.weights([head], block, keys)[0]
            sums[head] += (weights * layer.weight_gradients(gradient, [head], block, keys)[0]).sum()
    return sums


def _block(layer: AttentionLayer, gradient: Tensor, head: int, block: list[int]) -> Tensor:
    keys = slice(0, layer.num_keys)
    weights = layer.weights([head], block, keys)[0]
    return _changes(weights, layer.weight_gradients(gradient, [head], block, keys)[0])


def _changes(weights: Tensor, slopes: Tensor) -> Tensor:
    """Return the change of the target for each key that a row may lose, (m, n_k)."""
    written = weights * slopes
    whole = written.sum(-1, keepdim=True)
    changes = (weights * whole - written) / (1 - weights).clamp(min=1 - NEARLY_ALL)
    rows, keys = (weights > NEARLY_ALL).nonzero(as_tuple=True)
    if len(rows):
        # What is left is small beside what is taken: it is summed up, not subtracted.
        left, left_written = weights[rows], written[rows]
        at = torch.arange(len(rows), device="cpu"), keys
        left[at] = 0.0
        left_written[at] = 0.0
        sink = (1 - weights[rows].sum(-1)).clamp(min=0.0).where(_has_sink(weights[rows]), 0.0)
        share = left.sum(-1) + sink
        mean = torch.where(share > 0, left_written.sum(-1) / share.clamp(min=1e-38), 0.0)
        changes[rows, keys] = mean - whole[rows, 0]
    return changes


def _has_sink(weights: Tensor) -> Tensor:
    """Return whether a share of each row (m, n_k) goes to a sink."""
    return 1 - weights.sum(-1) > 1e-5
