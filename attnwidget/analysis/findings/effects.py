"""The heads that change the target most: by gradients, and directly."""

from collections.abc import Callable, Iterator
from functools import partial

import torch
from torch import Tensor

from attnwidget.analysis.findings.candidate import Candidate, Connection, Largest
from attnwidget.methods.contributions import Contributions, logit_contributions
from attnwidget.methods.logit_target import logit_of
from attnwidget.trace import AttentionLayer, Stream, Trace
from attnwidget.trace.gradients import needed
from attnwidget.trace.query_strengths import query_strengths
from attnwidget.trace.softmax import blocks

MOST_QUERIES = 512
"""Most queries of a head whose effects are summed: those with the largest gradients."""


def effect_candidates(
    trace: Trace, stream: Stream, done: Callable[[], object]
) -> Iterator[Candidate]:
    """Yield the effect of every head that has one.

    Parameters
    ----------
    trace
        A captured trace with the target.
    stream
        One of its streams.
    done
        Called after each layer.

    Raises
    ------
    IndexError
        The target has no such position, token or class.
    ValueError
        The target does not fit the model, or no gradient arrives.
    """
    source = needed(trace.gradients)
    for place, layer in enumerate(stream.layers):
        gradient = source.of_layer(stream.name, place)
        rows = _strong_rows(layer, gradient)
        totals = torch.zeros(layer.num_heads, dtype=torch.float64, device="cpu")
        for _, effects in _blocks(layer, gradient, slice(0, layer.num_heads), rows):
            totals += effects.sum((1, 2), dtype=torch.float64)
        for head, total in enumerate(totals.tolist()):
            if total:
                words = f"{'raises' if total > 0 else 'lowers'} the target by {abs(total):.3g}"
                yield Candidate(
                    stream=stream,
                    layer=place,
                    head=head,
                    kind="effect",
                    score=total,
                    reason=f"{words} (first order)",
                    strongest=partial(_strongest, layer, gradient, head, rows, total),
                )
        done()


def contribution_candidates(trace: Trace) -> Iterator[Candidate]:
    """Yield the direct contribution of every head to the logit of the trace's target.

    Raises
    ------
    IndexError
        The target has no such position, token or class.
    ValueError
        The target is no logit, or the logits are no linear function of the residual stream.
    """
    target = logit_of(trace, None)
    parts = logit_contributions(trace, target.position, target.index, versus=target.versus)
    for stream, heads in parts.by_stream().items():
        for layer, row in enumerate(heads.tolist()):
            for head, total in enumerate(row):
                if total:
                    words = f"{'adds' if total > 0 else 'takes'} {abs(total):.3g}"
                    yield Candidate(
                        stream=trace[stream],
                        layer=layer,
                        head=head,
                        kind="contribution",
                        score=total,
                        reason=f"{words} {'to' if total > 0 else 'from'} the logit directly",
                        strongest=partial(_strongest_key, parts, stream, layer, head, total),
                    )


def _strong_rows(layer: AttentionLayer, gradient: Tensor) -> Tensor:
    """Return the queries with the largest gradients, in rising order."""
    strength = query_strengths(layer, gradient)
    rows = strength.argsort(descending=True, stable=True)[:MOST_QUERIES]
    return rows[strength[rows] > 0].sort().values.cpu()


def _blocks(
    layer: AttentionLayer, gradient: Tensor, heads: slice | list[int], rows: Tensor
) -> Iterator[tuple[list[int], Tensor]]:
    """Yield blocks of rows with the effects of their connections, (H', m, n_k)."""
    columns = slice(0, layer.num_keys)
    count = layer.num_heads if isinstance(heads, slice) else len(heads)
    for _, block in blocks(rows, count * layer.num_keys):
        weights = layer.weights(heads, block, columns)
        yield block, weights.mul_(layer.weight_gradients(gradient, heads, block, columns))


def _strongest(
    layer: AttentionLayer, gradient: Tensor, head: int, rows: Tensor, total: float
) -> Connection:
    """Return the largest effect that has the sign of the sum."""
    largest = Largest()
    for block, effects in _blocks(layer, gradient, [head], rows):
        largest.add(effects[0] if total > 0 else -effects[0], block)
    return largest.place


def _strongest_key(
    parts: Contributions, stream: str, layer: int, head: int, total: float
) -> Connection:
    edges = parts.edges(layer, stream)[head]
    return parts.target.position, int((edges if total > 0 else -edges).argmax())
