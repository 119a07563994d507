"""The ways to a model's attention, from the best to the last resort."""

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
    for way in (_from_interface, _from_outputs, _from_torch):
        layers = way(model, inputs, batch_index)
        if layers:
            return layers
    raise ValueError(
        f"No attention could be caught in {type(model).__name__}. Tried: transformers' attention "
        "interface, output_attentions=True, torch's scaled_dot_product_attention and "
        "nn.MultiheadAttention. The model may have no attention (a state-space model), or compute "
        "it in a fused kernel. If its modules return attention weights as their second output, "
        'pass their names: modules="*.attn". Else build a trace from arrays with '
        "Trace.from_attentions."
    )


def _from_interface(model: nn.Module, inputs: ModelInputs, batch_index: int | None) -> Layers:
    """Let the model call our attention function instead of its own."""
    configs = interface_configs(model)
    if not configs:
        return []
    register()
    with (
        recording(batch_index) as recorder,
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


def _from_outputs(model: nn.Module, inputs: ModelInputs, _: int | None) -> Layers:
    """Ask the model itself for its weights."""
    declared = getattr(model, "_can_record_outputs", None) or {}
    returns_weights = accepts(model, "output_attentions") or "attentions" in declared
    if not isinstance(model, PreTrainedModel) or not returns_weights:
        return []
    with unhooked(model), attention_implementation(all_configs(model), "eager"):
        outputs = forward(model, inputs.adding(output_attentions=True))
    layers: Layers = []
    for output, (queries, keys) in OWN_OUTPUTS.items():
        for weights in getattr(outputs, output, None) or ():
            if isinstance(weights, Tensor):
                stack = model.get_encoder() if queries == "encoder" else model
                _check_axes(model, weights, is_square=queries == keys)
                layers.append((Role(queries, keys, stack), DenseLayer(weights[0])))
    return layers


def _check_axes(model: nn.Module, weights: Tensor, *, is_square: bool) -> None:
    whole = weights.ndim == 4 and len(weights) == 1
    if not whole or (is_square and weights.shape[2] != weights.shape[3]):
        raise ValueError(
            f"{type(model).__name__} returns attention of shape {tuple(weights.shape)}, where "
            "(1, heads, tokens, tokens) was expected: it attends within windows, which cannot "
            "be shown as one map."
        )


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
