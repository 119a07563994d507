"""One forward pass."""

import inspect
from typing import Any

from torch import nn

from attnwidget.capture.inputs import ModelInputs


def forward(model: nn.Module, inputs: ModelInputs, **options: Any) -> Any:
    """Call a model, with those of the options that it knows.

    A cache of keys and values is never asked for: the whole input is computed at once.
    """
    wanted = {"use_cache": False, "return_dict": True, **options}
    known = {name: value for name, value in wanted.items() if accepts(model, name)}
    return model(*inputs.arguments, **{**known, **inputs.tensors})


def accepts(model: nn.Module, name: str) -> bool:
    """Return whether a model's forward pass names a parameter."""
    return name in inspect.signature(model.forward).parameters
