"""Where a model's weights are."""

import torch
from torch import nn


def placement(model: nn.Module) -> tuple[torch.device, torch.dtype]:
    """Return the device that a model's inputs must be on, and the dtype it computes in.

    Raises
    ------
    ValueError
        The weights are on the meta device, so that nothing can be computed.
    """
    weights = [each for each in model.parameters() if each.is_floating_point()]
    if not weights:
        return torch.device("cpu"), torch.float32
    # Models spread over devices by accelerate say where their inputs go.
    device = getattr(getattr(model, "_hf_hook", None), "execution_device", None)
    if device is not None:
        return torch.device(device), weights[0].dtype
    if weights[0].device.type == "meta":
        raise ValueError(
            f"The weights of {type(model).__name__} are on the meta device, where nothing can be "
            "computed. Load the model with its weights, onto a CPU or GPU."
        )
    return weights[0].device, weights[0].dtype
