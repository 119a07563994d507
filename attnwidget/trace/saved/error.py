"""Measure how far attention is off that was rounded for a file."""

import math
from collections.abc import Sequence
from dataclasses import replace

import torch

from attnwidget.trace.dense import DenseLayer
from attnwidget.trace.layer import AttentionLayer
from attnwidget.trace.projected import ProjectedLayer
from attnwidget.trace.saved.rounding import WORDS, Storage, halved, rounded
from attnwidget.trace.scaled import Vectors
from attnwidget.trace.softmax import blocks
from attnwidget.trace.stream import Stream
from attnwidget.trace.tiled import TiledLayer

MOST_ROWS = 512
"""Most rows of a layer that are compared; those of longer texts are spread over it."""


def rounding_note(streams: Sequence[Stream], storage: Storage) -> str | None:
    """Return in words how much rounding changes attention, None if it does not."""
    if storage == "float32":
        return None
    errors = [_error(layer, storage) for stream in streams for layer in stream.layers]
    largest = max(errors)
    if not largest > 0:
        return None
    place = 10.0 ** (1 - math.floor(math.log10(largest)))
    longest = max(len(stream.queries) for stream in streams)
    compared = len(range(0, longest, _step(longest)))
    where = f", in the {compared} of {longest:,} rows compared" if compared < longest else ""
    return (
        f"stored in {WORDS[storage]}: attention weights differ by at most "
        f"{math.ceil(largest * place) / place:.2g} from those before{where}"
    )


def rounded_layer(layer: AttentionLayer, storage: Storage) -> AttentionLayer:
    """Return a layer as a file gives it back."""
    if isinstance(layer, ProjectedLayer):
        query, key, value = rounded_projections(layer, storage)
        return replace(layer, query=query, key=key, value=value)
    if isinstance(layer, DenseLayer):
        half = halved(layer.matrices)
        assert isinstance(half, torch.Tensor)
        return DenseLayer(half)
    if isinstance(layer, TiledLayer):
        parts = []
        for part in layer.parts:
            inner = rounded_layer(part.inner, storage)
            assert isinstance(inner, (ProjectedLayer, DenseLayer))
            parts.append(replace(part, inner=inner))
        return type(layer)(tuple(parts))
    return layer


def rounded_projections(
    layer: ProjectedLayer, storage: Storage
) -> tuple[Vectors, Vectors, Vectors]:
    """Return queries, keys and values as they are stored."""
    return (
        rounded(layer.query, storage),
        # A few channels of keys are far larger than others, in every row.
        rounded(layer.key, storage, axis=-2),
        rounded(layer.value, storage),
    )


def _step(count: int) -> int:
    return math.ceil(count / MOST_ROWS)


def _error(layer: AttentionLayer, storage: Storage) -> float:
    other = rounded_layer(layer, storage)
    count = layer.num_queries
    rows = torch.arange(count - 1, -1, -_step(count), device="cpu")
    heads, keys = slice(0, layer.num_heads), slice(0, layer.num_keys)
    found = 0.0
    for _, block in blocks(rows, layer.num_heads * layer.num_keys):
        difference = layer.weights(heads, block, keys) - other.weights(heads, block, keys)
        found = max(found, float(difference.abs().max()))
    return found
