"""One forward pass."""

import inspect
from dataclasses import replace
from typing import Any

from torch import nn

from attnwidget.capture.inputs import ModelInputs


def forward(model: nn.Module, inputs: ModelInputs, **options: Any) -> Any:
    """Call a model, with those of the options that it knows.

    A cache of keys and values is never asked for: the whole input is computed at once.
    """
    wanted = {"use_cache": False, "return_dict": True, **options}
    known = {name: value for name, value in wanted.items() if accepts(model, name)}
    by_name = {**known, **inputs.tensors}
    by_position = [by_name.pop(name) for name in inputs.positional]
    return model(*by_position, **by_name)


def understood(model: nn.Module, inputs: ModelInputs) -> ModelInputs:
    """Return those of a tokenizer's outputs that a model knows.

    A module without a parameter ``input_ids`` gets the ids as its first argument.
    """
    if not accepts(model, "input_ids"):
        ids = {"input_ids": inputs.tensors["input_ids"]}
        return replace(inputs, tensors=ids, positional=("input_ids",))
    known = {name: each for name, each in inputs.tensors.items() if accepts(model, name)}
    return replace(inputs, tensors=known)


def accepts(model: nn.Module, name: str) -> bool:
    """Return whether a model's forward pass names a parameter."""
    return name in inspect.signature(model.forward).parameters
