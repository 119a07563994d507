"""The ways to a model's attention: each runs the model once and tells an observer of it."""

from typing import Any

import transformers
from torch import Tensor, nn

from attnwidget.capture.attention.interface import IMPLEMENTATION, register
from attnwidget.capture.attention.named_modules import named_modules_observed
from attnwidget.capture.attention.observer import Observer, observed_by
from attnwidget.capture.attention.roles import Role
from attnwidget.capture.attention.torch_functions import AttentionCalls, running_modules
from attnwidget.capture.inputs.forward import accepts, forward
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.capture.model.model_state import (
    all_configs,
    attention_implementation,
    interface_configs,
    unhooked,
)

OWN_OUTPUTS = {
    "encoder_attentions": ("encoder", "encoder"),
    "decoder_attentions": ("decoder", "decoder"),
    "cross_attentions": ("decoder", "encoder"),
    "attentions": ("self", "self"),
}
"""Names under which models return weights: whose positions attend, and to whose."""


def through_interface(model: nn.Module, inputs: ModelInputs, observer: Observer) -> Any:
    """Let the model call our attention function instead of its own."""
    configs = interface_configs(model)
    if not configs:
        return None
    register()
    with (
        observed_by(observer),
        unhooked(model),
        attention_implementation(configs, IMPLEMENTATION),
    ):
        return forward(model, inputs)


def through_outputs(model: nn.Module, inputs: ModelInputs, observer: Observer) -> Any:
    """Ask the model itself for its weights."""
    declared = getattr(model, "_can_record_outputs", None) or {}
    returns_weights = accepts(model, "output_attentions") or "attentions" in declared
    if not isinstance(model, transformers.PreTrainedModel) or not returns_weights:
        return None
    with unhooked(model), attention_implementation(all_configs(model), "eager"):
        outputs = forward(model, inputs.adding(output_attentions=True))
    for output, (queries, keys) in OWN_OUTPUTS.items():
        for weights in getattr(outputs, output, None) or ():
            if isinstance(weights, Tensor):
                stack = model.get_encoder() if queries == "encoder" else model
                _check_axes(model, weights, inputs.size, is_square=queries == keys)
                observer.add_weights(Role(queries, keys, stack), weights)
    return outputs


def through_torch(model: nn.Module, inputs: ModelInputs, observer: Observer) -> Any:
    """Watch torch's own attention functions."""
    with running_modules(model), AttentionCalls(observer):
        return forward(model, inputs)


def through_named_modules(
    model: nn.Module, inputs: ModelInputs, observer: Observer, pattern: str
) -> Any:
    """Watch what modules of a certain name return."""
    with named_modules_observed(model, pattern, observer):
        return forward(model, inputs)


def _check_axes(model: nn.Module, weights: Tensor, entries: int, *, is_square: bool) -> None:
    whole = weights.ndim == 4 and len(weights) == entries
    if not whole or (is_square and weights.shape[2] != weights.shape[3]):
        raise ValueError(
            f"{type(model).__name__} returns attention of shape {tuple(weights.shape)}, where "
            f"({entries}, heads, tokens, tokens) was expected: it attends within windows, which "
            "cannot be shown as one map."
        )
