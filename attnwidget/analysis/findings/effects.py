"""The heads that change the target most: by gradients, and directly."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from attnwidget.analysis.findings.finding import Finding, FindingKind
from attnwidget.methods.contributions import logit_contributions
from attnwidget.methods.logit_target import logit_of
from attnwidget.trace import Stream, Trace
from attnwidget.trace.gradients import needed
from attnwidget.trace.query_strengths import query_strengths
from attnwidget.trace.softmax import blocks

MOST_QUERIES = 512
"""Most queries of a head whose effects are summed: those with the largest gradients."""


def effect_findings(trace: Trace, stream: Stream, done: Callable[[], object]) -> Iterator[Finding]:
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
    for place in range(stream.num_layers):
        totals, queries, keys = _effects(stream, place, source.of_layer(stream.name, place))
        for head, total in enumerate(totals.tolist()):
            if total:
                words = f"{'raises' if total > 0 else 'lowers'} the target by {abs(total):.3g}"
                yield _finding(
                    *(stream, place, head, "effect", total, f"{words} (first order)"),
                    *(int(queries[head]), int(keys[head])),
                )
        done()


def contribution_findings(trace: Trace) -> Iterator[Finding]:
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
            signs = heads[layer].sign()[:, None]
            keys = (parts.edges(layer, stream) * signs).argmax(-1).tolist()
            for head, (total, key) in enumerate(zip(row, keys, strict=True)):
                if total:
                    words = f"{'adds' if total > 0 else 'takes'} {abs(total):.3g}"
                    words += f" {'to' if total > 0 else 'from'} the logit directly"
                    yield _finding(
                        *(trace[stream], layer, head, "contribution", total, words),
                        *(target.position, key),
                    )


def _effects(stream: Stream, place: int, gradient: Tensor) -> tuple[Tensor, Tensor, Tensor]:
    """Return the effect of every head, and the strongest connection of its sign, (H,)."""
    layer = stream.layers[place]
    everything, columns = slice(0, layer.num_heads), slice(0, layer.num_keys)
    strength = query_strengths(layer, gradient)
    rows = strength.argsort(descending=True, stable=True)[:MOST_QUERIES]
    rows = rows[strength[rows] > 0].sort().values.cpu()
    totals = torch.zeros(layer.num_heads, dtype=torch.float64, device="cpu")
    raising, lowering = _Strongest(layer.num_heads), _Strongest(layer.num_heads)
    for _, block in blocks(rows, layer.num_heads * layer.num_keys):
        effects = layer.weights(everything, block, columns)
        effects *= layer.weight_gradients(gradient, everything, block, columns)
        totals += effects.double().sum((1, 2))
        raising.add(effects, block)
        lowering.add(effects.neg_(), block)
    raises = totals > 0
    return (
        totals,
        torch.where(raises, raising.query, lowering.query),
        torch.where(raises, raising.key, lowering.key),
    )


class _Strongest:
    """The largest entry of every head, and its place, of blocks that are added."""

    def __init__(self, num_heads: int) -> None:
        self._value = torch.zeros(num_heads, device="cpu")
        self.query, self.key = (
            torch.zeros(num_heads, dtype=torch.int64, device="cpu") for _ in range(2)
        )

    def add(self, values: Tensor, rows: list[int]) -> None:
        largest, at = values.flatten(1).max(-1)
        better = largest > self._value
        self._value = torch.where(better, largest, self._value)
        queries = torch.tensor(rows, device="cpu")[at // values.shape[-1]]
        self.query = torch.where(better, queries, self.query)
        self.key = torch.where(better, at % values.shape[-1], self.key)


def _finding(
    stream: Stream,
    layer: int,
    head: int,
    kind: FindingKind,
    score: float,
    reason: str,
    query: int,
    key: int,
) -> Finding:
    tokens = stream.queries.text[query], stream.keys.text[key]
    return Finding(stream.name, layer, head, kind, score, reason, query, key, *tokens)
