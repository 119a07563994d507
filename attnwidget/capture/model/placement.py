"""The device and the dtype of a model."""

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
    # A model that accelerate spread over devices says where its inputs go.
    device = getattr(getattr(model, "_hf_hook", None), "execution_device", None)
    if device is not None:
        return torch.device(device), weights[0].dtype
    if any(each.is_meta for each in weights) and not _is_dispatched(model):
        raise ValueError(
            f"The weights of {type(model).__name__} are on the meta device, where nothing can be "
            "computed. Load the model with its weights, onto a CPU or GPU."
        )
    return weights[0].device, weights[0].dtype


def _is_dispatched(model: nn.Module) -> bool:
    """Return whether accelerate loads the weights of some modules when they are needed."""
    return any(hasattr(module, "_hf_hook") for module in model.modules())
