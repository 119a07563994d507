"""Capture the attention of a model with the best strategy that works."""

from collections.abc import Sequence
from functools import partial
from typing import Any, NamedTuple, TypeAlias

import torch
import transformers
from torch import nn

from attnwidget.capture.attention.batch_recorder import BatchRecorder
from attnwidget.capture.attention.recorder import Layer, Recorder
from attnwidget.capture.attention.roles import Role, attention_roles
from attnwidget.capture.attention.strategies import (
    CaptureStrategy,
    attention_interface,
    named_modules,
    own_outputs,
    torch_functions,
)
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.capture.model.loaded_model import LoadedModel
from attnwidget.trace.dense import DenseLayer

RoleLayer: TypeAlias = tuple[Role, Layer]
"""A captured layer, and the role of its attention in the model."""

STRATEGIES: tuple[CaptureStrategy, ...] = (attention_interface, own_outputs, torch_functions)
"""The strategies to try, best first."""


class CapturedAttention(NamedTuple):
    """The attention of one entry in one run.

    Attributes
    ----------
    layers
        Every attention that was computed, in order, padding included.
    strategy
        The strategy that captured it, which captures the same again.
    output
        What the model returned, for all entries.
    """

    layers: list[RoleLayer]
    strategy: CaptureStrategy
    output: Any


def capture_attention(
    model: LoadedModel, inputs: ModelInputs, entries: Sequence[int | None], modules: str | None
) -> list[CapturedAttention]:
    """Run a model and return every attention that it computed, for each of some entries.

    Parameters
    ----------
    model
        The model, in evaluation mode.
    inputs
        Inputs on the model's device.
    entries
        Entries of the batch to keep; None for the only one.
    modules
        Name pattern of the modules to watch; None to find the attention without one.

    Raises
    ------
    ValueError
        No strategy captures any attention.
    """
    strategies = STRATEGIES if modules is None else (partial(named_modules, pattern=modules),)
    wrong: list[str] = []
    for strategy in strategies:
        recorders = [Recorder(entry) for entry in entries]
        output = strategy(model, inputs, BatchRecorder(recorders))
        found = [_with_roles(model, recorder) for recorder in recorders]
        is_exact = strategy is not attention_interface or all(_is_exact(*each) for each in found[0])
        wrong += [_wrong(model, recorder) for recorder in recorders if recorder.wrong]
        is_right = not any(recorder.wrong for recorder in recorders)
        if modules is not None or (found[0] and is_exact and is_right):
            return [CapturedAttention(layers, strategy, output) for layers in found]
    if wrong:
        raise ValueError(wrong[0])
    raise ValueError(
        f"No attention could be caught in {model.class_name}. Tried: transformers' attention "
        "interface, output_attentions=True, torch's scaled_dot_product_attention and "
        "nn.MultiheadAttention. The model may have no attention (a state-space model), or compute "
        "it in a fused kernel. If its modules return attention weights as their second output, "
        'pass their names: modules="*.attn". Else build a trace from arrays with '
        "Trace.from_attentions."
    )


def _is_exact(role: Role, layer: Layer) -> bool:
    """Return whether the recorded arguments of an attention function determine its weights.

    A model without SDPA support customises its attention. If the only customisations are the soft
    cap and the sinks, which are recorded, the weights are exact.
    """
    is_known = isinstance(layer, DenseLayer) or layer.softcap is not None or layer.sinks is not None
    return is_known or getattr(role.stack, "_supports_sdpa", True)


def _wrong(model: LoadedModel, recorder: Recorder) -> str:
    """Return the error message for calls whose weights are not those of the model."""
    first = recorder.wrong[0]
    origin = recorder.calls[first.call].origin
    names = {module: name for name, module in model.module.named_modules()}
    name = names.get(origin, "") if isinstance(origin, nn.Module) else ""
    return (
        f"The attention of {model.class_name} is not computed as its arguments say: in "
        f"{name or type(origin).__name__} (call {first.call} of {len(recorder.calls)}) the "
        "recorded weights times the values differ from what the attention function returned by "
        f"{first.error:.1%} of the largest value, in {len(recorder.wrong)} calls. Such weights are "
        "not shown. Pass those that the model returns with output_attentions=True under "
        "attn_implementation='eager' to Trace.from_attentions, and please report the model, "
        f"this message, torch {torch.__version__} and transformers {transformers.__version__}."
    )


def _with_roles(model: LoadedModel, recorder: Recorder) -> list[RoleLayer]:
    modules = [call.origin for call in recorder.calls if isinstance(call.origin, nn.Module)]
    found = attention_roles(model, modules)
    return [
        (call.origin if isinstance(call.origin, Role) else found[call.origin], call.layer)
        for call in recorder.calls
    ]
