"""Compare layers with the softmaxes of a model, for attention that it does not return."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import inf

import torch
from torch import Tensor

EQUAL = 1e-6
"""Largest difference of equal weights."""

MOST_ROWS = 64
"""Most rows of a layer to look for, spread over the layer, so that large maps take seconds."""

MOST_WEIGHTS = 10_000_000
"""Most weights of a softmax to look for rows in."""


MOST_PADDED = 20_000
"""Most rows of a softmax to look into for the weights of a padded window."""


def is_among(
    layer: Tensor, softmaxes: Sequence[Tensor], tolerance: float, *, is_tiled: bool = False
) -> bool:
    """Return whether a layer, (H, n_q, n_k), is what one of the softmaxes returned.

    With `is_tiled`, its rows may be those of windows, in another order than in the softmax.
    """
    if any(_error(each, layer) <= tolerance for each in _same_size(layer, softmaxes)):
        return True
    return is_tiled and any(_has_rows(layer, each, tolerance) for each in softmaxes)


def has_size_of_any(layer: Tensor, softmaxes: Sequence[Tensor]) -> bool:
    """Return whether any softmax has the size of a layer, so that it could be the layer."""
    return next(_same_size(layer, softmaxes), None) is not None


def is_nearly_uniform(layer: Tensor, least: float) -> bool:
    """Return whether no row of a layer has weights that differ, so that all layers look alike."""
    lowest = layer.masked_fill(layer <= 0, inf).amin(-1)
    return float((layer.amax(-1) - lowest).max()) < least


def _same_size(layer: Tensor, softmaxes: Sequence[Tensor]) -> Iterator[Tensor]:
    _, num_queries, num_keys = layer.shape
    for each in softmaxes:
        if each.shape[-2] != num_queries:
            continue
        without_sink = each[..., :-1], each[..., 1:]
        for kept in (each, *without_sink):
            if kept.shape[-1] == num_keys and kept.numel() == layer.numel():
                yield kept.reshape(layer.shape)


def _error(expected: Tensor, layer: Tensor) -> float:
    """Return the largest difference, infinite where a query without any key has weights.

    Softmaxes give such a query no number, or equal weights of all keys, as all have one score.
    """
    attends = layer.sum(-1) > 0
    silent = expected[~attends]
    is_equal = (silent.amax(-1) - silent.amin(-1)).abs() < EQUAL
    if not bool((is_equal | silent.isnan().any(-1)).all()) or not bool(attends.any()):
        return inf
    difference = (layer - expected)[attends].abs().amax()
    return inf if bool(difference.isnan()) else float(difference)


def _has_rows(layer: Tensor, softmax: Tensor, tolerance: float) -> bool:
    """Return whether each row of a layer has the weights of a row of a softmax, in any order.

    So it is with windows, whose rows are of a window's length and not in the order of the image.
    """
    others = softmax.flatten(0, -2)
    rows = layer.flatten(0, -2)
    rows = rows[rows.sum(-1) > 0]  # others attend to no key
    rows = rows[:: max(1, len(rows) // MOST_ROWS)]
    if not len(rows) or others.numel() > MOST_WEIGHTS:
        return False
    if float(rows.sum(-1).min()) < 1 - tolerance:  # without the keys that pad a window
        return all(_is_part(row[row > 0], others, tolerance) for row in rows)
    width = min(rows.shape[-1], others.shape[-1])
    rows, others = (each.sort(-1, descending=True).values for each in (rows, others))
    if bool((rows[:, width:] > tolerance).any()):
        return False
    return float(torch.cdist(rows[:, :width], others[:, :width], p=inf).amin(1).max()) <= tolerance


def _is_part(weights: Tensor, rows: Tensor, tolerance: float) -> bool:
    """Return whether one of the rows has weights, (n,), among its own."""
    kept = rows[:MOST_PADDED]
    nearest = torch.stack([(kept - each).abs().amin(-1) for each in weights], -1)
    return float(nearest.amax(-1).min()) <= tolerance
