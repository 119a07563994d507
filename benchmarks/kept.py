"""What a trace keeps of what heads write, beside the attention alone."""

from __future__ import annotations

from dataclasses import dataclass

from attnwidget.trace.arrays import held_bytes

from .rollout import smollm2_trace

DESCRIPTION = (
    "What `aw.capture` of SmolLM2-135M keeps, counted by storages: queries, keys and values for "
    "the attention, and with the residual stream, for what heads write. Weights are the model's."
)


@dataclass
class Kept:
    """Bytes that a trace keeps for the attention, and with what heads write."""

    attention: int
    outputs: int


def measure(tokens: int) -> Kept:
    """Trace SmolLM2 over a text of this many tokens and count."""
    trace = smollm2_trace(tokens)
    layers = (layer for stream in trace.stacks for layer in stream.layers)
    attention = held_bytes(tensor for layer in layers for tensor in layer.tensors())
    return Kept(attention, trace.nbytes)
