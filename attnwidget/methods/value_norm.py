"""Attention weighted by the norm of the value vectors."""

import math

import torch
from torch import Tensor

from attnwidget.methods.method import Method, RowsOf
from attnwidget.methods.needs import VALUES
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.methods.source import stream_named
from attnwidget.trace import Indexer, Stream, Trace
from attnwidget.trace.indexing import resolve, resolve_index


def value_norm(
    trace: Trace | Stream, layer: int, heads: Indexer = None, *, stream: str | None = None
) -> Tensor:
    """Return attention weighted by the norm of the value vectors, ``A_ij ||v_j||_2``.

    Attention measures only where a head looks. A token with a short value vector adds little to the
    output even if the head attends to it strongly, as often happens for the first token and for
    separators.

    Parameters
    ----------
    trace
        A captured trace, or one of its streams. Plain arrays have no value vectors.
    layer
        Counted from 0; negative ones from the end.
    heads
        An index, a list or a slice; all if None.
    stream
        The name of the stream; the first if None.

    Returns
    -------
    Tensor
        (H', n_q, n_k) float32 on the CPU, no entry negative. Rows do not sum to 1: a row sums to
        the mean of the norms, weighted by attention, in the units of the value vectors.

    Raises
    ------
    IndexError
        The layer or a head is out of range.
    ValueError
        The trace has no such stream, or the stream holds attention weights only.

    Notes
    -----
    The bias of the value projection is part of the value vector. The output projection is left out,
    so norms of different heads are comparable only as far as it treats the heads alike. Memory is
    that of the result.

    References
    ----------
    Kobayashi, Kuribayashi, Yokoi and Inui, "Attention is Not Only a Weight: Analyzing Transformers
    with Vector Norms", EMNLP 2020, section 2, with the value vector in place of the transformed
    vector.
    """
    chosen = trace if isinstance(trace, Stream) else stream_named(trace, stream)
    place = resolve_index(layer, chosen.num_layers, "layer")
    norms = _norms(chosen, place, heads)
    return chosen.attention(place, heads).mul_(norms)


def _norms(stream: Stream, layer: int, heads: Indexer) -> Tensor:
    """Return the norm of every value vector of some heads, (H', 1, n_k)."""
    chosen = resolve(heads, stream.num_heads, "head")
    norms: Tensor = torch.linalg.vector_norm(stream.value(layer)[chosen], dim=-1)
    return norms[:, None]


def _head_rows(trace: Trace, scores: ScoresOf) -> RowsOf:
    stream = trace[scores.stream]
    heads = None if scores.heads is None else list(scores.heads)
    norms = _norms(stream, scores.layer, heads)

    def rows(queries: slice) -> Tensor:
        return stream.attention(scores.layer, heads, queries=queries).mul_(norms)

    return rows


VALUE_NORM = Method(
    name="value_norm",
    title="value norm",
    question="How much does each head read: its weight times the length of the value?",
    head_rows=_head_rows,
    needs=(VALUES,),
    quick_up_to=math.inf,
    followed_by="rollout",
    rather_followed_by="alti",
)
