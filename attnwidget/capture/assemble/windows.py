"""Put windows that a module attends within one by one together to one layer."""

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

import torch
from torch import Tensor

from attnwidget.capture.attention.recorder import Layer
from attnwidget.trace.dense import DenseLayer
from attnwidget.trace.projected import ProjectedLayer
from attnwidget.trace.tiled import TiledLayer


def joined(parts: Sequence[Layer | TiledLayer]) -> Layer | TiledLayer:
    """Return one layer of windows that follow each other: no window attends to another.

    Parameters
    ----------
    parts
        The attention within each window, in the order of the positions; one is returned as it is.
    """
    first = parts[0]
    if len(parts) == 1:
        return first
    projected = [each for each in parts if isinstance(each, ProjectedLayer)]
    if (
        not isinstance(first, ProjectedLayer)
        or len(projected) < len(parts)
        or not _is_plain(projected)
    ):
        everything = slice(None)
        maps = [each.weights(everything, everything, everything) for each in parts]
        return DenseLayer(_diagonal(maps))
    query, key, value = (
        torch.cat([getattr(each, name) for each in projected], dim=1)
        for name in ("query", "key", "value")
    )
    mask = within_windows(tuple(each.num_keys for each in projected))
    return replace(first, query=query, key=key, value=value, mask=mask)


@lru_cache(maxsize=2)  # the layers of a model share one mask
def within_windows(lengths: tuple[int, ...]) -> Tensor:
    """Return the pairs of positions that lie in one window, (1, n, n) bool."""
    window = torch.repeat_interleave(torch.arange(len(lengths)), torch.tensor(lengths))
    return (window[:, None] == window)[None]


def joined_gradient(parts: Sequence[Tensor], is_weights: bool) -> Tensor:
    """Return the gradient of a layer by those of its windows, (H, n, d_v) or (H, n, n)."""
    if len(parts) == 1:
        return parts[0]
    if not is_weights:
        return torch.cat(list(parts), dim=1)
    return _diagonal(parts)


def _diagonal(parts: Sequence[Tensor]) -> Tensor:
    """Return maps (H, n, n) along the diagonal of one, zeros elsewhere."""
    size = sum(part.shape[-1] for part in parts)
    whole = parts[0].new_zeros(len(parts[0]), size, size)
    start = 0
    for part in parts:
        end = start + part.shape[-1]
        whole[:, start:end, start:end] = part
        start = end
    return whole


def _is_plain(parts: Sequence[ProjectedLayer]) -> bool:
    """Return whether windows have nothing but queries, keys and values."""
    return not any(
        each.causal or any(getattr(each, name) is not None for name in ("mask", "window", "bias"))
        for each in parts
    )
