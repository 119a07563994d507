"""The ways to a model's attention, from the best to the last resort."""

from collections.abc import Callable
from typing import TypeAlias

from torch import Tensor, nn
from transformers import PreTrainedModel

from attnwidget.capture.inputs import ModelInputs
from attnwidget.capture.interface import IMPLEMENTATION, register
from attnwidget.capture.named_modules import named_modules_recorded
from attnwidget.capture.padding import Layer
from attnwidget.capture.recorder import Recorder, recording
from attnwidget.capture.roles import Role, roles
from attnwidget.capture.run import accepts, forward
from attnwidget.capture.switch import (
    all_configs,
    attention_implementation,
    interface_configs,
    unhooked,
)
from attnwidget.capture.torch_calls import AttentionCalls, running_modules
from attnwidget.trace.dense import DenseLayer

OWN_OUTPUTS = {
    "encoder_attentions": ("encoder", "encoder"),
    "decoder_attentions": ("decoder", "decoder"),
    "cross_attentions": ("decoder", "encoder"),
    "attentions": ("self", "self"),
}
"""Names under which models return weights: whose positions attend, and to whose."""

Layers: TypeAlias = list[tuple[Role, Layer]]


def attention_layers(
    model: nn.Module, inputs: ModelInputs, batch_index: int | None, modules: str | None
) -> Layers:
    """Run a model and return every attention that it computed, in order.

    Parameters
    ----------
    batch_index
        Entry of the batch to keep, where a module makes a batch of its own.
    modules
        Name pattern of the modules to watch; None to find the attention without.

    Raises
    ------
    ValueError
        No attention could be caught.
    """
    if modules is not None:
        return _from_named_modules(model, inputs, batch_index, modules)
    ways: list[Callable[[], Layers]] = [lambda: _from_torch(model, inputs, batch_index)]
    if isinstance(model, PreTrainedModel):
        ways = [
            lambda: _from_interface(model, inputs),
            lambda: _from_outputs(model, inputs),
            *ways,
        ]
    for way in ways:
        layers = way()
        if layers:
            return layers
    raise ValueError(
        f"No attention could be caught in {type(model).__name__}. Tried: "
        + ("transformers' attention interface, output_attentions=True, " if len(ways) > 1 else "")
        + "torch's scaled_dot_product_attention and nn.MultiheadAttention. The model may have no "
        "attention (a state-space model), or compute it in a fused kernel. If its modules return "
        'attention weights as their second output, pass their names: modules="*.attn". Else build '
        "a trace from arrays with Trace.from_attentions."
    )


def _from_interface(model: PreTrainedModel, inputs: ModelInputs) -> Layers:
    """Let the model call our attention function instead of its own."""
    configs = interface_configs(model)
    if not configs:
        return []
    register()
    with (
        recording(None) as recorder,
        unhooked(model),
        attention_implementation(configs, IMPLEMENTATION),
    ):
        forward(model, inputs)
    layers = _with_roles(model, recorder)
    return layers if all(_is_all(*each) for each in layers) else []


def _is_all(role: Role, layer: Layer) -> bool:
    """Return whether the attention function was told everything that makes the weights.

    A model that cannot run on SDPA does more in its own function than SDPA can, which may be only
    what is recorded besides.
    """
    told = isinstance(layer, DenseLayer) or layer.softcap is not None or layer.sinks is not None
    return told or getattr(role.stack, "_supports_sdpa", True)


def _from_outputs(model: PreTrainedModel, inputs: ModelInputs) -> Layers:
    """Ask the model itself for its weights."""
    if not accepts(model, "output_attentions"):
        return []
    with unhooked(model), attention_implementation(all_configs(model), "eager"):
        outputs = forward(model, inputs, output_attentions=True)
    layers: Layers = []
    for output, (queries, keys) in OWN_OUTPUTS.items():
        for weights in getattr(outputs, output, None) or ():
            if isinstance(weights, Tensor):
                stack = model.get_encoder() if queries == "encoder" else model
                layers.append((Role(queries, keys, stack), DenseLayer(weights[0])))
    return layers


def _from_torch(model: nn.Module, inputs: ModelInputs, batch_index: int | None) -> Layers:
    """Watch torch's own attention functions."""
    with recording(batch_index) as recorder, running_modules(model), AttentionCalls(recorder):
        forward(model, inputs)
    return _with_roles(model, recorder)


def _from_named_modules(
    model: nn.Module, inputs: ModelInputs, batch_index: int | None, pattern: str
) -> Layers:
    """Watch what modules of a certain name return."""
    with recording(batch_index) as recorder, named_modules_recorded(model, pattern, recorder):
        forward(model, inputs)
    return _with_roles(model, recorder)


def _with_roles(model: nn.Module, recorder: Recorder) -> Layers:
    found = roles(model, [call.module for call in recorder.calls])
    return [(found[call.module], call.layer) for call in recorder.calls]
