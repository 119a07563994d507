"""Attention times its gradient, head by head."""

from collections.abc import Iterator

from torch import Tensor

from attnwidget.methods.sublayers import Sublayer
from attnwidget.trace.gradients import needed
from attnwidget.trace.indexing import Indices


def weighted_rows(sublayer: Sublayer, queries: Indices) -> Iterator[Tensor]:
    """Yield rows of ``A * dL/dA`` of each head of a sublayer, (m, n_k) float32, signed."""
    layer, stream = sublayer.attention, sublayer.stream
    kept = needed(stream.gradients).of_layer(stream.name, sublayer.layer)
    keys = slice(0, layer.num_keys)
    for head in range(layer.num_heads):
        weights = layer.weights([head], queries, keys)[0]
        yield weights.mul_(layer.weight_gradients(kept, [head], queries, keys)[0])
