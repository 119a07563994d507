"""The inputs of methods: a trace, one stream of it, or plain arrays."""

from typing import TypeAlias

from attnwidget.trace import Stream, Target, Tokens, Trace
from attnwidget.trace.gradients import needed
from attnwidget.trace.stack import Stack, views_from

Source: TypeAlias = Trace | Stream | Stack
"""A trace, one of its streams, or one array a layer: (n, n), (H, n, n) or (1, H, n, n)."""


def as_trace(source: Source, *, signed: bool = False) -> Trace:
    """Return `source` as a trace.

    Plain arrays are not copied if they have a floating dtype. Their rows may have any sum, and
    their tokens are named by number.

    Parameters
    ----------
    source
        A trace, a stream or plain arrays.
    signed
        Take arrays of scores of either sign, for figures; methods need weights.

    Raises
    ------
    ValueError
        The arrays are not layers of equal size, or hold numbers that are NaN, infinite or, unless
        `signed`, negative.
    """
    if isinstance(source, Trace):
        return source
    if isinstance(source, Stream):
        return Trace((source,), gradients=source.gradients)
    layers = views_from(source, "attentions", signed=signed)
    queries, keys = (
        Tokens.from_text([str(place) for place in range(count)])
        for count in (layers[0].num_queries, layers[0].num_keys)
    )
    return Trace((Stream("self", layers, queries, keys),))


def with_target(source: Source, target: Target) -> Trace:
    """Return a trace whose gradients are those of a target; None keeps the trace's own target.

    Raises
    ------
    ValueError
        The target has no known form, or the trace was made from arrays.
    """
    trace = as_trace(source)
    needed(trace.gradients)
    return trace if target is None else trace.with_target(target)


def stream_named(trace: Trace, name: str | None) -> Stream:
    """Return a stream of a trace, the first if `name` is None.

    Raises
    ------
    ValueError
        There is no such stream.
    """
    if name is None:
        return trace.stacks[0]
    if name not in trace:
        raise ValueError(
            f"stream must be one of {', '.join(trace.streams)}, or None, but {name!r} was given."
        )
    return trace[name]
