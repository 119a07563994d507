"""Weights that belong to a model, which a trace refers to without copying them."""

from typing import Any, Protocol

import torch
from torch import Tensor, nn
from torch.nn import functional


class Weight(Protocol):
    """A weight, wherever it lies."""

    @property
    def shape(self) -> torch.Size:
        """Shape of the weight."""

    def value(self) -> Tensor:
        """Return the weight on the CPU.

        Raises
        ------
        ValueError
            It is not known any more, or not all of it is there.
        """

    def row(self, index: int) -> Tensor:
        """Return one row of it; errors are those of `value`."""


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
        """Return the weight on the CPU as a plain tensor, in its own dtype.

        A quantised weight, which a class of its own keeps packed, is what it multiplies with.

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
        return _plain(self._tensor).cpu()

    def row(self, index: int) -> Tensor:
        """Return one row of the weight."""
        return self.value()[index]

    def __deepcopy__(self, _: object) -> "ModelWeight":
        return self

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), (self.value().clone(),)


def _plain(tensor: Tensor) -> Tensor:
    """Return a weight (out, in) of any class as a plain tensor.

    A class that cannot say its numbers is asked for its product with the identity.
    """
    kind = type(tensor)
    if kind in (Tensor, nn.Parameter):
        return tensor
    if kind.dequantize is not Tensor.dequantize:
        return tensor.dequantize()
    one = torch.eye(tensor.shape[-1], dtype=tensor.dtype, device=tensor.device)
    with torch.no_grad():
        return functional.linear(one, tensor).T.contiguous()


def _version(tensor: Tensor) -> int:
    return 0 if tensor.is_inference() else tensor._version
