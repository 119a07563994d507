"""Change the state of a model for a while, and restore it exactly."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

from torch import nn

from attnwidget.capture.model.library import library
from attnwidget.capture.model.patched import patched_attribute

_HOOKED = "_output_capturing_hooks_installed"
"""Attribute with which transformers marks a model that it has installed hooks in."""


@contextmanager
def evaluation_mode(model: nn.Module) -> Iterator[None]:
    """Put every module in evaluation mode, which turns off dropout."""
    with ExitStack() as patches:
        for module in model.modules():
            patches.enter_context(patched_attribute(module, "training", False))
        yield


@contextmanager
def attention_implementation(configs: list[Any], name: str) -> Iterator[None]:
    """Make the modules that read these configs ask transformers for the attention function `name`.

    This patches the internal attribute, because the public setter also changes sub-configs, and
    checks and replaces the name.
    """
    with ExitStack() as patches:
        for config in configs:
            # Turned off first and back on last: it may only be on under eager attention.
            patches.enter_context(patched_attribute(config, "output_attentions", False))
        for config in configs:
            patches.enter_context(patched_attribute(config, "_attn_implementation_internal", name))
        yield


@contextmanager
def output_hooks_removed(model: nn.Module) -> Iterator[None]:
    """Remove the hooks that transformers installs meanwhile in order to collect outputs."""
    collecting = {module for module in model.modules() if hasattr(module, _HOOKED)}
    before = {module: set(module._forward_hooks) for module in model.modules()}
    try:
        yield
    finally:
        for module, known in before.items():
            for key, hook in list(module._forward_hooks.items()):
                if key not in known and hook.__module__.startswith("transformers."):
                    del module._forward_hooks[key]
            if hasattr(module, _HOOKED) and module not in collecting:
                delattr(module, _HOOKED)


def all_configs(model: nn.Module) -> list[Any]:
    """Return every config in a model that names an attention function."""
    return _unique_configs(model.modules())


def interface_configs(model: nn.Module) -> list[Any]:
    """Return the configs of the modules whose source uses transformers' attention interface.

    The list is empty for a model that computes attention in code of its own.
    """
    return _unique_configs(filter(_uses_interface, model.modules()))


def is_eager(config: Any) -> bool:
    """Return whether a config names eager attention."""
    return getattr(config, "_attn_implementation_internal", None) == "eager"


def _unique_configs(modules: Iterable[nn.Module]) -> list[Any]:
    configs = (getattr(module, "config", None) for module in modules)
    named = {id(each): each for each in configs if hasattr(each, "_attn_implementation_internal")}
    return list(named.values())


def _uses_interface(module: nn.Module) -> bool:
    """Return whether the file that defines a module's class uses the attention interface."""
    return any(
        hasattr(sys.modules.get(kind.__module__), "ALL_ATTENTION_FUNCTIONS")
        for kind in type(module).__mro__
        if kind.__module__ != library().PreTrainedModel.__module__
    )
