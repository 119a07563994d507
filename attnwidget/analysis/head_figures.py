"""A few figures for each head of a layer."""

from collections.abc import Callable

import torch
from torch import Tensor

from attnwidget.analysis.entropy import over_maximum, row_entropy, shares
from attnwidget.trace import Stream
from attnwidget.trace.softmax import blocks


def head_figures(
    stream: Stream, layer: int, report: Callable[[int, int], object] | None = None
) -> dict[str, Tensor]:
    """Return figures of every head, (H,) float32 each.

    They are means over the queries that attend to any key. Each row is first divided by its sum, so
    that the share of an attention sink does not count. Rows are computed in blocks.

    Parameters
    ----------
    stream
        The stream.
    layer
        Counted from 0.
    report
        Is called before each block with the number of rows that are done and of all; may raise.

    Returns
    -------
    dict
        ``entropy``, divided by the logarithm of the number of keys that the mask allows, without
        queries with one allowed key, and 0 if there are no others; ``effective``, the number of
        tokens that as even a row would have; ``first``, ``diagonal`` and ``previous``, the shares
        of the first token, of the token itself and of the one before; ``distance``, how far
        attention reaches on average, in tokens. The last three are NaN if queries and keys are
        different tokens, ``previous`` also if there is one token.
    """
    chosen = stream.layers[layer]
    parts = []
    for queries, _ in blocks(torch.arange(chosen.num_queries), chosen.num_heads * chosen.num_keys):
        if report is not None:
            report(queries.start, chosen.num_queries)
        allowed = chosen.num_allowed(slice(0, chosen.num_heads), queries)
        parts.append(_of_rows(stream, layer, queries, allowed))
    rows = {name: torch.cat([part[name] for part in parts], dim=1) for name in parts[0]}
    means = {name: values.nanmean(1) for name, values in rows.items()}
    return means | {"entropy": means["entropy"].nan_to_num(0.0)}


def attends_to_itself(stream: Stream) -> bool:
    """Return whether queries and keys are the same tokens."""
    return stream.name != "cross" and stream.queries == stream.keys


def _of_rows(stream: Stream, layer: int, queries: slice, allowed: Tensor) -> dict[str, Tensor]:
    """Return each figure for each row, (H, n_q); NaN if it is not defined."""
    rows = shares(stream.attention(layer, queries=queries))
    entropy = row_entropy(rows)
    undefined = torch.full_like(entropy, torch.nan)
    diagonal, previous, distance = undefined, undefined.clone(), undefined
    if attends_to_itself(stream):
        diagonal = rows.diagonal(queries.start, dim1=1, dim2=2)
        first = max(queries.start, 1)
        before = rows[:, first - queries.start :].diagonal(first - 1, dim1=1, dim2=2)
        previous[:, first - queries.start :] = before
        places = torch.arange(rows.shape[-1], dtype=rows.dtype, device=rows.device)
        away = (places[queries, None] - places).abs()
        distance = torch.einsum("hqk,qk->hq", rows, away)
    return {
        "entropy": over_maximum(entropy, allowed),
        "effective": entropy.exp(),
        "first": rows[..., 0],
        "diagonal": diagonal,
        "previous": previous,
        "distance": distance,
    }
