"""The one place that asks whether something belongs to transformers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, TypeGuard

from torch import nn

from attnwidget.capture.model.library import library

if TYPE_CHECKING:
    import transformers


def is_pretrained(module: object) -> TypeGuard[transformers.PreTrainedModel]:
    """Return whether a module is a transformers model."""
    return isinstance(module, library().PreTrainedModel)


def is_config(value: object) -> TypeGuard[transformers.PreTrainedConfig]:
    """Return whether a value is the config of a transformers model."""
    return isinstance(value, library().PreTrainedConfig)


def encoder_of(module: nn.Module) -> nn.Module | None:
    """Return the encoder within a transformers model, None without one."""
    encoder = module.get_encoder() if is_pretrained(module) else None
    return encoder if isinstance(encoder, nn.Module) and encoder is not module else None


def trunk_of(stack: nn.Module | None) -> nn.Module | None:
    """Return the part of a stack that ends in its last hidden state: the stack without its head."""
    if not is_pretrained(stack):
        return stack
    if stack.config.is_encoder_decoder and stack.get_encoder() is not stack:
        trunk = stack.get_decoder()
    else:
        trunk = stack.base_model
    return trunk if isinstance(trunk, nn.Module) else stack


def recordable_outputs(module: object) -> Mapping[str, Any]:
    """Return the outputs that a transformers model can record, empty for other modules.

    The keys are names of outputs such as ``"attentions"``; the values say which modules make them.
    """
    return getattr(module, "_can_record_outputs", None) or {}
