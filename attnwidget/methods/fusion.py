"""Fusion of the heads of a layer into one matrix."""

from collections.abc import Iterator
from typing import Literal, TypeAlias, get_args

import torch
from torch import Tensor

from attnwidget.trace.arrays import Array, as_tensor
from attnwidget.trace.indexing import Indexer, Indices, positions, resolve
from attnwidget.trace.layer import AttentionLayer

Fusion: TypeAlias = Literal["mean", "max", "min"]
"""The functions that fuse heads."""

FUSIONS: tuple[Fusion, ...] = get_args(Fusion)

TILE_ELEMENTS = 1 << 15
"""Most scores of a layer's heads in memory at a time, unless one head needs more."""

KEY_SIZE = 64
"""Assumed size of a token's key vector, which bounds the cost of few rows from below."""


def fuse_heads(attention: Array, fusion: Fusion = "mean", heads: Indexer = None) -> Tensor:
    """Fuse the heads of one layer.

    Parameters
    ----------
    attention
        (H, n_q, n_k) weights; also (1, H, n_q, n_k), or (n_q, n_k), which is one head.
    fusion
        ``"mean"`` keeps rows that sum to 1; after ``"max"`` and ``"min"`` they no longer do.
    heads
        The heads to fuse: an index, a list or a slice; all if None.

    Returns
    -------
    Tensor
        (n_q, n_k) float32 on the CPU.

    Raises
    ------
    IndexError
        A head is out of range.
    ValueError
        `attention` has another shape, `fusion` another name, or no head is chosen.
    """
    check_fusion(fusion)
    given = as_tensor(attention, "attention").float()
    weights = given[0] if given.ndim == 4 and len(given) == 1 else given
    if weights.ndim == 2:
        weights = weights[None]
    if weights.ndim != 3:
        raise ValueError(
            "attention must be (heads, queries, keys), but its shape is "
            f"{tuple(given.shape)}. Pass one layer of one input."
        )
    chosen = weights[resolve(heads, len(weights), "head")]
    if not len(chosen):
        raise ValueError("There are no heads to fuse; pass at least one head, or None for all.")
    if fusion == "mean":
        return chosen.mean(0)
    return chosen.amax(0) if fusion == "max" else chosen.amin(0)


def check_fusion(fusion: str) -> None:
    """Raise ValueError if `fusion` is not the name of a fusion."""
    if fusion not in FUSIONS:
        raise ValueError(f"fusion must be one of {', '.join(FUSIONS)}, but {fusion!r} was given.")


def fused_rows(layer: AttentionLayer, queries: Indices, fusion: Fusion) -> Tensor:
    """Return all heads of a layer fused, (m, n_k) float64, with few heads in memory at a time."""
    heads = _heads(layer, queries)
    fused = next(heads).double()
    for head in heads:
        if fusion == "mean":
            fused += head
        else:
            pair = torch.maximum if fusion == "max" else torch.minimum
            pair(fused, head, out=fused)
    return fused.div_(layer.num_heads) if fusion == "mean" else fused


def _heads(layer: AttentionLayer, queries: Indices) -> Iterator[Tensor]:
    rows = len(positions(queries, layer.num_queries))
    size = max(1, TILE_ELEMENTS // (max(rows, KEY_SIZE) * layer.num_keys))
    for start in range(0, layer.num_heads, size):
        heads = slice(start, min(start + size, layer.num_heads))
        yield from layer.weights(heads, queries, slice(0, layer.num_keys))
