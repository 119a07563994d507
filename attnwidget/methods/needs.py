"""The conditions that a trace must meet for a method."""

from collections.abc import Callable
from dataclasses import dataclass

from attnwidget.methods.nodes import nodes_of
from attnwidget.trace import Stream, Trace


@dataclass(frozen=True)
class Need:
    """One condition on a trace and a stream.

    Attributes
    ----------
    lack
        The words in a menu if the condition is not met.
    refusal
        Takes the title of a method; returns why the condition is not met and what to do, or None.
    """

    lack: str
    refusal: Callable[[str, Trace, Stream], str | None]


def _gradients(title: str, trace: Trace, _stream: Stream) -> str | None:
    if trace.has_gradients:
        return None
    return (
        f"{title} needs gradients, and this trace was made from arrays. Capture a model "
        "with attnwidget.capture(model, text), or show attention, rollout or max-flow."
    )


def _layers_in_sequence(title: str, trace: Trace, stream: Stream) -> str | None:
    try:
        nodes_of(trace, stream.name)
    except ValueError as error:
        return f"{title} goes through layers. {error}"
    return None


def _values(title: str, _trace: Trace, stream: Stream) -> str | None:
    if stream.has_projections:
        return None
    return (
        f"{title} needs value vectors, but the stream {stream.name!r} holds attention weights "
        "only: it was made from arrays, or of a model whose attention cannot be intercepted. "
        "Capture a model whose attention runs through transformers' attention interface or "
        "scaled_dot_product_attention, or show another method."
    )


GRADIENTS = Need("needs the model", _gradients)
"""Requires a model that can run backward."""

LAYERS_IN_SEQUENCE = Need("not for this stream", _layers_in_sequence)
"""Requires that each layer reads the tokens that the layer below writes."""

VALUES = Need("needs value vectors", _values)
"""Requires a value vector for every token."""
