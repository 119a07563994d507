"""The conditions that a trace must meet for a method."""

from collections.abc import Callable
from dataclasses import dataclass

from attnwidget.methods.nodes import nodes_of, stack_of
from attnwidget.trace import Stream, Trace
from attnwidget.trace.gradients import no_gradients
from attnwidget.trace.windowed import have_values, no_values


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
        f"{title} needs gradients, and {no_gradients(trace.gradients)}. Capture a model "
        "with attnwidget.capture(model, text), or show attention, rollout or max-flow."
    )


def _predictions(title: str, trace: Trace, _stream: Stream) -> str | None:
    if trace.has_predictions:
        return None
    return (
        f"{title} needs what the model predicts, and {no_gradients(trace.gradients)}. Capture a "
        "model with attnwidget.capture(model, text), or show attention, rollout or max-flow."
    )


def _layers_in_sequence(title: str, trace: Trace, stream: Stream) -> str | None:
    try:
        nodes_of(trace, stream.name)
    except ValueError as error:
        return f"{title} goes through layers. {error}"
    return None


def _values(title: str, _trace: Trace, stream: Stream) -> str | None:
    if have_values(stream.layers):
        return None
    if stream.has_projections:
        return f"{title} needs value vectors. {no_values(stream.name)}"
    return (
        f"{title} needs value vectors, but the stream {stream.name!r} holds attention weights "
        "only: it was made from arrays, or of a model whose attention cannot be intercepted. "
        "Capture a model whose attention runs through transformers' attention interface or "
        "scaled_dot_product_attention, or show another method."
    )


def _outputs(title: str, _trace: Trace, stream: Stream) -> str | None:
    if not isinstance(stream.outputs, str):
        return None
    return (
        f"{title} needs what heads write to the residual stream, which is not known for "
        f"{stream.name!r}: {stream.outputs}. Show attention, value norm or a method of gradients."
    )


def _outputs_of_stack(title: str, trace: Trace, stream: Stream) -> str | None:
    is_whole = stack_of(trace, stream.name) is None
    streams = trace.stacks if is_whole else (stream,)
    return next(filter(None, (_outputs(title, trace, each) for each in streams)), None)


def _readout(title: str, trace: Trace, stream: Stream) -> str | None:
    lack = _outputs(title, trace, stream)
    if lack is not None or isinstance(trace.readout, str):
        return lack or (
            f"{title} needs logits that are a linear function of the residual stream, but "
            f"{trace.readout}. Show effects, which go through every layer above."
        )
    if all(place.stream != stream.name for place in trace.readout.chain):
        return (
            f"{title} are of the stack that the model predicts with, and {stream.name!r} is "
            f"another. Choose {trace.readout.chain[-1].stream!r}."
        )
    return None


GRADIENTS = Need("needs the model", _gradients)
"""Requires gradients of the trace's target."""

PREDICTIONS = Need("needs the model", _predictions)
"""Requires the model's predictions."""

LAYERS_IN_SEQUENCE = Need("not for this stream", _layers_in_sequence)
"""Requires that each layer reads the tokens that the layer below writes."""

OUTPUTS = Need("needs what heads write", _outputs)
"""Requires the output projections and the residual stream."""

OUTPUTS_OF_STACK = Need("needs what heads write", _outputs_of_stack)
"""Requires the same of every stream that the method goes through."""

READOUT = Need("needs linear logits", _readout)
"""Requires logits that are a linear function of the residual stream."""

VALUES = Need("needs value vectors", _values)
"""Requires a value vector for every token."""
