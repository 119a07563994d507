"""Weights that belong to a model, which a trace refers to without copying them."""

from typing import Any

import torch
from torch import Tensor


class ModelWeight:
    """A weight of a model, shared with it.

    Parameters
    ----------
    tensor
        The weight.
    """

    def __init__(self, tensor: Tensor) -> None:
        self._tensor = tensor.detach()
        self._version = _version(tensor)

    @property
    def shape(self) -> torch.Size:
        """Shape of the weight."""
        return self._tensor.shape

    def value(self) -> Tensor:
        """Return the weight on the CPU, in its own dtype.

        Raises
        ------
        ValueError
            The weight was changed since the capture.
        """
        if _version(self._tensor) != self._version:
            raise ValueError(
                "The weights of the model were changed in place after the capture, by training or "
                "by loading others, so what its heads wrote is no longer known. Capture the text "
                "again."
            )
        return self._tensor.cpu()

    def __deepcopy__(self, _: object) -> "ModelWeight":
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.value().clone(),)


def _version(tensor: Tensor) -> int:
    return 0 if tensor.is_inference() else tensor._version
