"""Statistics of every head and layer of a model."""

from collections import Counter
from typing import Any

import torch

from attnwidget.analysis.alignment import alignment
from attnwidget.analysis.diversity import cosines, diversity_of, gram
from attnwidget.analysis.pattern import pattern
from attnwidget.analysis.statistics import statistics
from attnwidget.analysis.table import table
from attnwidget.methods.fusion import fused_rows
from attnwidget.methods.progress import Progress, reporting
from attnwidget.methods.source import Source, as_trace
from attnwidget.trace import Stream
from attnwidget.trace.softmax import blocks
from attnwidget.trace.windowed import PROJECTED

AVERAGED = ("normalized_entropy", "effective_tokens", "gini", "diagonal_mean", "locality")
"""Statistics that a layer reports as the mean over its heads."""


class Summary(dict[str, Any]):
    """A report that prints itself as a table; otherwise a dict."""

    def __str__(self) -> str:
        return table(self)

    __repr__ = __str__


def summary(source: Source, *, window: int = 3, progress: Progress = None) -> Summary:
    """Describe every head and layer of a model on one input.

    Attention is computed head by head; at most a few matrices of one head exist at a time.

    Parameters
    ----------
    source
        A Trace of any kind, or one array per layer.
    window
        Largest distance that counts as near for the locality, in tokens.
    progress
        Progress over the heads: True shows a bar, None a bar if it takes long, False no bar; a
        function gets (done, total) and may raise to interrupt.

    Returns
    -------
    dict
        Prints as a table of layers. ``"model"`` is the model's name or None, ``"streams"`` has for
        each stream:

        ``num_layers``, ``num_heads``, ``causal``, ``query_tokens``, ``key_tokens``
            Properties of the stream.
        ``layers``
            A list with, for each layer: ``layer``; ``heads``, a list of each head's `statistics`
            with ``head`` and its ``pattern``; the means over heads ``normalized_entropy``,
            ``effective_tokens``, ``gini``, ``diagonal_mean`` and ``locality``;
            ``avg_pairwise_similarity`` and ``diversity_score`` as in `head_diversity`; and of
            cross-attention ``alignment``, as `alignment` describes the mean of the heads.
        ``patterns``
            Number of heads with each pattern, most frequent first.
        ``locality_progression``
            The locality of each layer, from the lowest up.

        Statistics that compare positions (``diagonal_mean``, ``diagonal_std``, ``locality``) are
        NaN for cross-attention, even if source and target have the same length. Positions that the
        mask forbids do not count; if only the weights are known, the mask is taken to be causal or
        absent.

    Raises
    ------
    ValueError
        `source` is no attention, or `window` is negative.
    """
    trace = as_trace(source)
    total = sum(stream.num_layers * stream.num_heads for stream in trace.stacks)
    report = Summary(model=trace.model_name, streams={})
    done = 0
    with reporting(progress, total, "summary") as tell:
        for stream in trace.stacks:
            layers = []
            for layer in range(stream.num_layers):
                heads = []
                for head in range(stream.num_heads):
                    heads.append(_head(stream, layer, head, window))
                    done += 1
                    tell(done)
                layers.append(_layer(stream, layer, heads))
            report["streams"][stream.name] = _stream(stream, layers)
    return report


def _head(stream: Stream, layer: int, head: int, window: int) -> dict[str, Any]:
    chosen = stream.layers[layer]
    mask: dict[str, Any] = {"causal": stream.causal}
    if isinstance(chosen, PROJECTED):
        mask = {"allowed": chosen.allowed(head)}
    matrix = stream.attention(layer, head)[0]
    figures = statistics(matrix, window=window, **mask)
    if stream.name == "cross":
        unknown = ("diagonal_mean", "diagonal_std", "locality")
        figures |= dict.fromkeys(unknown, float("nan"))
    return {"head": head, "pattern": pattern(matrix, **mask), **figures}


def _layer(stream: Stream, layer: int, heads: list[dict[str, Any]]) -> dict[str, Any]:
    similarity = torch.zeros(stream.num_heads, stream.num_heads, dtype=torch.float64)
    rows = torch.arange(len(stream.queries))
    for _, queries in blocks(rows, stream.num_heads * len(stream.keys)):
        similarity += gram(stream.attention(layer, queries=queries).double())
    described: dict[str, Any] = {
        "layer": layer,
        "heads": heads,
        **{name: sum(head[name] for head in heads) / len(heads) for name in AVERAGED},
        **diversity_of(cosines(similarity)),
    }
    if stream.name == "cross":
        everything = slice(0, len(stream.queries))
        described["alignment"] = alignment(fused_rows(stream.layers[layer], everything, "mean"))
    return described


def _stream(stream: Stream, layers: list[dict[str, Any]]) -> dict[str, Any]:
    patterns = Counter(head["pattern"] for layer in layers for head in layer["heads"])
    return {
        "num_layers": stream.num_layers,
        "num_heads": stream.num_heads,
        "causal": stream.causal,
        "query_tokens": stream.query_tokens,
        "key_tokens": stream.key_tokens,
        "layers": layers,
        "patterns": dict(patterns.most_common()),
        "locality_progression": [layer["locality"] for layer in layers],
    }
