"""Verify recorded attention against what the attention function itself returned."""

from random import Random

import torch
from torch import Tensor

from attnwidget.trace.projected import ProjectedLayer

TOLERANCE = 1e-3
"""Largest difference of a context, as a share of the largest value, in single precision."""

HALF_TOLERANCE = 0.1
"""The same where a model computes in half precision, which we do not."""

_random = Random()


def context_error(layer: ProjectedLayer, context: Tensor) -> float:
    """Return how far the weights of a random query, times the values, are from its context.

    Parameters
    ----------
    layer
        The recorded layer.
    context
        (H, n_q, d_v), what the attention function returned.

    Returns
    -------
    float
        The largest difference, as a share of the largest value. 0 for a query that may attend to
        no key, for which attention functions return different things.
    """
    query = _random.randrange(layer.num_queries)
    weights = layer.weights(slice(None), [query], slice(None))[:, 0]
    values = layer.value.float()
    grouped = weights.reshape(len(values), -1, layer.num_keys)
    expected = (grouped @ values).flatten(0, 1)
    returned = context[:, query].detach().float().cpu()
    differences = (expected - returned)[weights.sum(-1) > 0].abs().nan_to_num()
    largest = float(values.abs().max())
    if not differences.numel() or largest == 0:
        return 0.0
    return float(differences.max()) / largest


def is_right(layer: ProjectedLayer, error: float) -> bool:
    """Return whether an error is one of rounding."""
    is_single = layer.value.dtype in (torch.float32, torch.float64)
    return error <= (TOLERANCE if is_single else HALF_TOLERANCE)
