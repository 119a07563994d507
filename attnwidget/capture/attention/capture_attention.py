"""A model's attention, caught in the best way there is."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeAlias

from torch import nn

from attnwidget.capture.attention.batch_recorder import Entries
from attnwidget.capture.attention.observer import Observer
from attnwidget.capture.attention.recorder import Layer, Recorder
from attnwidget.capture.attention.roles import Role, roles
from attnwidget.capture.attention.strategies import (
    through_interface,
    through_named_modules,
    through_outputs,
    through_torch,
)
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.trace.dense import DenseLayer

Layers: TypeAlias = list[tuple[Role, Layer]]

Way: TypeAlias = Callable[[nn.Module, ModelInputs, Observer], Any]
"""Runs a model once, tells an observer of its attention and returns its output."""


class Caught(NamedTuple):
    """The attention of one run.

    Attributes
    ----------
    layers
        Every attention that was computed, in order, with its role.
    way
        Catches the same again.
    """

    layers: Layers
    way: Way


def attention_layers(
    model: nn.Module, inputs: ModelInputs, entries: Sequence[int | None], modules: str | None
) -> list[Caught]:
    """Run a model and return every attention that it computed, for each of some entries.

    Parameters
    ----------
    entries
        Entries of the batch to keep; None for the only one.
    modules
        Name pattern of the modules to watch; None to find the attention without.

    Raises
    ------
    ValueError
        No attention could be caught.
    """
    ways: tuple[Way, ...] = (through_interface, through_outputs, through_torch)
    if modules is not None:
        ways = (partial(through_named_modules, pattern=modules),)
    for way in ways:
        recorders = [Recorder(entry) for entry in entries]
        way(model, inputs, Entries(recorders))
        found = [_with_roles(model, recorder) for recorder in recorders]
        told_all = way is not through_interface or all(_is_all(*each) for each in found[0])
        if modules is not None or (found[0] and told_all):
            return [Caught(layers, way) for layers in found]
    raise ValueError(
        f"No attention could be caught in {type(model).__name__}. Tried: transformers' attention "
        "interface, output_attentions=True, torch's scaled_dot_product_attention and "
        "nn.MultiheadAttention. The model may have no attention (a state-space model), or compute "
        "it in a fused kernel. If its modules return attention weights as their second output, "
        'pass their names: modules="*.attn". Else build a trace from arrays with '
        "Trace.from_attentions."
    )


def _is_all(role: Role, layer: Layer) -> bool:
    """Return whether the attention function was told everything that makes the weights.

    A model that cannot run on SDPA does more in its own function than SDPA can, which may be only
    what is recorded besides.
    """
    told = isinstance(layer, DenseLayer) or layer.softcap is not None or layer.sinks is not None
    return told or getattr(role.stack, "_supports_sdpa", True)


def _with_roles(model: nn.Module, recorder: Recorder) -> Layers:
    modules = [call.origin for call in recorder.calls if isinstance(call.origin, nn.Module)]
    found = roles(model, modules)
    return [
        (call.origin if isinstance(call.origin, Role) else found[call.origin], call.layer)
        for call in recorder.calls
    ]
