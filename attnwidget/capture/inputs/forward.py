"""One forward pass."""

import inspect
from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from torch import nn

from attnwidget.capture.inputs.model_inputs import ModelInputs


def forward(model: nn.Module, inputs: ModelInputs) -> Any:
    """Call a model.

    A cache of keys and values is never asked for: the whole input is computed at once.

    Raises
    ------
    ValueError
        The model takes other inputs.
    """
    wanted = {"use_cache": False, "return_dict": True}
    known = {name: value for name, value in wanted.items() if accepts(model, name)}
    by_name = {**known, **inputs.tensors}
    by_position = [by_name.pop(name) for name in inputs.positional]
    try:
        inspect.signature(model.forward).bind(*by_position, **by_name)
    except TypeError as error:
        raise ValueError(
            f"{type(model).__name__} does not take these inputs: {error}. It takes "
            f"{', '.join(inspect.signature(model.forward).parameters)}."
        ) from error
    return _tower(model, inputs)(*by_position, **by_name)


def _tower(model: nn.Module, inputs: ModelInputs) -> Callable[..., Any]:
    """Return what runs the model: of two towers only the one whose input was given."""
    towers = {"pixel_values": "get_text_features", "input_ids": "get_image_features"}
    if all(hasattr(model, features) for features in towers.values()):
        for absent, features in towers.items():
            if absent not in inputs.tensors:
                return cast("Callable[..., Any]", getattr(model, features))
    return model


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
