"""Resolve the indices that users pass into valid ones, and index tensors with them."""

import operator
from collections.abc import Iterable
from typing import Any, SupportsIndex, TypeAlias

import torch
from torch import Tensor

Indexer: TypeAlias = SupportsIndex | Iterable[SupportsIndex] | slice | None
"""Heads, queries or keys as users pass them; None means all of them."""

Indices: TypeAlias = slice | list[int]
"""Resolved indices: non-negative, and all within the axis."""


def resolve_index(index: SupportsIndex, size: int, axis: str) -> int:
    """Return `index` counted from the front.

    Parameters
    ----------
    index
        Position on the axis; negative ones count from the end.
    size
        Length of the axis.
    axis
        Name of one entry for the error, such as ``"head"``.

    Raises
    ------
    IndexError
        The axis has no such entry.
    ValueError
        `index` is no whole number.
    """
    try:
        position = operator.index(index)
    except TypeError:
        position = None
    if position is None or isinstance(index, bool):
        raise ValueError(f"{axis} must be a whole number, but {index!r} was given.")
    if not -size <= position < size:
        raise IndexError(
            f"{axis} {position} is out of range: there {_amount(size, axis)}, "
            f"so pass 0 to {size - 1} (or -{size} to -1, counted from the end)."
        )
    return position % size


def resolve(indexer: Indexer, size: int, axis: str) -> Indices:
    """Return `indexer` as a slice or a list of indices counted from the front.

    A single index becomes a list of one, so the axis is kept.

    Raises
    ------
    IndexError
        An index is out of range.
    ValueError
        `indexer` is neither an index, a slice nor a list of indices.
    """
    if indexer is None:
        return slice(0, size, 1)
    if isinstance(indexer, slice):
        start, stop, step = indexer.indices(size)
        return slice(start, stop, step) if step > 0 else list(range(start, stop, step))
    entries: Any = indexer.tolist() if hasattr(indexer, "tolist") else indexer
    if isinstance(entries, Iterable) and not isinstance(entries, str):
        return [resolve_index(entry, size, axis) for entry in entries]
    return [resolve_index(entries, size, axis)]


def positions(indices: Indices, size: int) -> Tensor:
    """Return the entries of `indices` as an int64 tensor on the CPU."""
    return torch.arange(size, device="cpu")[indices]


def tile(tensor: Tensor, heads: Indices, queries: Indices, keys: Indices) -> Tensor:
    """Return ``tensor[heads][:, queries][:, :, keys]``, leaving axes of length 1 as they are.

    Parameters
    ----------
    tensor
        (H or 1, n_q or 1, n_k or 1).
    """
    if tensor.shape[0] > 1:
        tensor = tensor[heads]
    if tensor.shape[1] > 1:
        tensor = tensor[:, queries]
    if tensor.shape[2] > 1:
        tensor = tensor[:, :, keys]
    return tensor


_PLURALS = {"query": "queries", "index": "indices", "class": "classes"}


def _amount(size: int, axis: str) -> str:
    plural = _PLURALS.get(axis, f"{axis}s")
    return f"is 1 {axis}" if size == 1 else f"are {size} {plural}"
