"""Say at which queries a gradient arrives."""

import torch
from torch import Tensor

from attnwidget.trace.layer import AttentionLayer
from attnwidget.trace.softmax import blocks
from attnwidget.trace.tiled import TiledLayer


def query_strengths(layer: AttentionLayer, gradient: Tensor) -> Tensor:
    """Return the largest norm that the gradient of any head has at each query, (n_q,) float32.

    Parameters
    ----------
    layer
        The layer.
    gradient
        Its gradient in a `GradientSource`, as `AttentionLayer.weight_gradients` takes it.
    """
    if not isinstance(layer, TiledLayer):
        norms: Tensor = torch.linalg.vector_norm(gradient.float(), dim=-1)
        return norms.amax(0)
    everything, columns = slice(0, layer.num_heads), slice(0, layer.num_keys)
    rows = torch.arange(layer.num_queries, device="cpu")
    found = [
        torch.linalg.vector_norm(
            layer.weight_gradients(gradient, everything, block, columns), dim=-1
        ).amax(0)
        for _, block in blocks(rows, layer.num_heads * layer.num_keys)
    ]
    return torch.cat(found)
