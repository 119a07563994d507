"""The device and the dtype of a model."""

from collections.abc import Sequence

import torch
from torch import nn


def placement(model: nn.Module) -> tuple[torch.device, torch.dtype]:
    """Return the device that a model's inputs must be on, and the dtype of its weights.

    Raises
    ------
    ValueError
        The weights are on the meta device, where nothing can be computed.
    """
    weights = [each for each in model.parameters() if each.is_floating_point()]
    if not weights:
        return torch.device("cpu"), torch.float32
    # Models that accelerate spread or offloaded say where they compute.
    hooks = [hook for module in model.modules() for hook in _hooks(module)]
    devices = (getattr(hook, "execution_device", None) for hook in hooks)
    device = next((each for each in devices if each is not None), None)
    if device is not None:
        return torch.device(device), weights[0].dtype
    if any(each.is_meta for each in weights) and not hooks:
        raise ValueError(
            f"The weights of {type(model).__name__} are on the meta device, where nothing can be "
            "computed. Load the model with its weights, onto a CPU or GPU."
        )
    return weights[0].device, weights[0].dtype


def _hooks(module: nn.Module) -> Sequence[object]:
    """Return the hooks with which accelerate loads the weights of a module when it runs."""
    hook = getattr(module, "_hf_hook", None)
    inner: Sequence[object] | None = getattr(hook, "hooks", None)
    return inner or ([] if hook is None else [hook])
