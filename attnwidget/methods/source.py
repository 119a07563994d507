"""What a method takes: a trace, one stream of it, or plain arrays."""

from typing import TypeAlias

from attnwidget.trace import Stream, Tokens, Trace
from attnwidget.trace.stack import Stack, views_from

Source: TypeAlias = Trace | Stream | Stack
"""A trace, one of its streams, or one array a layer: (n, n), (H, n, n) or (1, H, n, n)."""


def as_trace(source: Source) -> Trace:
    """Return `source` as a trace.

    Plain arrays are not copied where they are floating. Their rows may have any sum, and their
    tokens are called by their numbers.

    Raises
    ------
    ValueError
        The arrays are no layers of equal size, or hold numbers that are NaN, infinite or negative.
    """
    if isinstance(source, Trace):
        return source
    if isinstance(source, Stream):
        return Trace((source,), gradients=source.gradients)
    layers = views_from(source, "attentions")
    queries, keys = (
        Tokens.from_text([str(place) for place in range(count)])
        for count in (layers[0].num_queries, layers[0].num_keys)
    )
    return Trace((Stream("self", layers, queries, keys),))
