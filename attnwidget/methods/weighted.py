"""Attention times its gradient, head by head, signed."""

from collections.abc import Iterator

from torch import Tensor

from attnwidget.methods.method import RowsOf
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.methods.source import with_target
from attnwidget.methods.sublayers import Sublayer
from attnwidget.trace import Indexer, Stream, Trace
from attnwidget.trace.gradients import needed
from attnwidget.trace.indexing import Indices

ROWS_ELEMENTS = 1 << 18
"""Most gradients in memory at a time beside the result."""


def weighted(stream: Stream, layer: int, heads: Indexer) -> Tensor:
    """Return ``A * dL/dA`` of some heads of a layer, (H', n_q, n_k) float32; runs backward."""
    # The gradient comes first, so that the result takes no memory during the backward pass.
    needed(stream.gradients).of_layer(stream.name, layer)
    product = stream.attention(layer, heads)
    size = max(1, ROWS_ELEMENTS // max(1, product.shape[0] * product.shape[2]))
    for start in range(0, product.shape[1], size):
        rows = slice(start, start + size)
        product[:, rows] *= stream.attention_gradient(layer, heads, queries=rows)
    return product


def weighted_rows(sublayer: Sublayer, queries: Indices) -> Iterator[Tensor]:
    """Yield rows of ``A * dL/dA`` of each head of a sublayer, (m, n_k) float32."""
    layer, stream = sublayer.attention, sublayer.stream
    kept = needed(stream.gradients).of_layer(stream.name, sublayer.layer)
    keys = slice(0, layer.num_keys)
    for head in range(layer.num_heads):
        weights = layer.weights([head], queries, keys)[0]
        yield weights.mul_(layer.weight_gradients(kept, [head], queries, keys)[0])


def weighted_head_rows(trace: Trace, scores: ScoresOf) -> RowsOf:
    """Return a function that makes rows of ``A * dL/dA`` of the requested heads; runs backward."""
    stream = with_target(trace, scores.target)[scores.stream]
    stream.attention_gradient(scores.layer, 0, queries=0, keys=0)  # runs the model backward

    def rows(queries: slice) -> Tensor:
        weights = stream.attention(scores.layer, scores.heads, queries=queries)
        return weights.mul_(stream.attention_gradient(scores.layer, scores.heads, queries=queries))

    return rows


def gradients_are_ready(trace: Trace, scores: ScoresOf) -> bool:
    """Return whether the model has run backward for the target of these scores."""
    stream = with_target(trace, scores.target)[scores.stream]
    return stream.gradients is not None and any(True for _ in stream.gradients.tensors(stream.name))
