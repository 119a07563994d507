"""Compare a trace with the attention that the model itself returns."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor

from attnwidget import Trace
from attnwidget.trace import Stream, TiledLayer
from scripts.architectures.small_model import uncached

TOLERANCE = 5e-5
"""Largest difference from eager attention."""

FIELDS = {
    "attentions": ("self", "text", "decoder"),
    "encoder_attentions": ("encoder",),
    "decoder_attentions": ("decoder",),
    "cross_attentions": ("cross",),
}
"""Where models return attention, and the streams that it is."""


@torch.no_grad()
def eager_output(model: Any, inputs: dict[str, Tensor]) -> Any:
    """Return what the same model returns that was made with eager attention.

    Some models cannot be switched, and say nothing.
    """
    config = copy.deepcopy(model.config)
    eager = type(model)._from_config(config, attn_implementation="eager").eval()
    eager.load_state_dict(model.state_dict())
    torch.manual_seed(0)
    return eager(**inputs, **uncached(eager), output_attentions=True)


def _returned(output: Any) -> Iterator[tuple[tuple[str, ...], list[Tensor]]]:
    for field, streams in FIELDS.items():
        stack = getattr(output, field, None) or ()
        weights = [each for each in stack if isinstance(each, Tensor) and each.ndim == 4]
        if any(float(each.min()) < 0 for each in weights):
            continue  # what some models call attention is none
        if weights and len(weights) == len(stack):
            yield streams, weights


def difference(trace: Trace, output: Any) -> str:
    """Return how far a trace is from what the model returned, empty if it is not."""
    left = [(stream, layer) for stream in trace.stacks for layer in range(stream.num_layers)]
    for streams, weights in _returned(output):
        numbers = trace.stacks[0].layer_numbers
        if len(weights) > len(left) and len(trace) == 1:  # those of other layers are no softmax
            weights = [weights[number] for number in numbers if number < len(weights)]
        for place, expected in enumerate(weights):
            if len(expected) != 1:
                continue  # several images or windows
            same = [each for each in left if _size(each[0]) == expected.shape[1:]]
            fitting = [each for each in same if _fits(each[0].name, streams)] or same
            if not fitting and _has_windows(trace, streams):
                continue  # returned window by window
            if not fitting:
                return f"layer {place} of {streams[0]!r} is missing"
            if len(weights) == trace.stacks[0].num_layers or len(trace) == 1:
                fitting = fitting[:1]  # else a model returns some layers of each stage
            errors = [_error(*each, expected[0]) for each in fitting]
            if not min(errors) <= TOLERANCE:
                return f"layer {place} of {fitting[0][0].name!r} is off by {min(errors):.2g}"
            left.remove(fitting[errors.index(min(errors))])
    return ""


def _has_windows(trace: Trace, streams: tuple[str, ...]) -> bool:
    fitting = [each for each in trace.stacks if _fits(each.name, streams)]
    return any(isinstance(layer, TiledLayer) for each in fitting for layer in each.layers)


def _fits(name: str, streams: tuple[str, ...]) -> bool:
    return any(name.startswith(each) or name.endswith(each) for each in streams)


def _error(stream: Stream, layer: int, expected: Tensor) -> float:
    """Return the largest difference of a layer from what the model returned."""
    found = stream.attention(layer)
    if float(found.sum(-1).min()) < 1 - TOLERANCE:  # sinks, which eager may apply later
        found = found / found.sum(-1, keepdim=True)
        expected = expected / expected.sum(-1, keepdim=True)
    return float((found - expected.float()).abs().max())


def _size(stream: Stream) -> tuple[int, ...]:
    return stream.num_heads, len(stream.queries), len(stream.keys)
