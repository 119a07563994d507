"""A tensor of whole entries before or after an attention, with a code for its positions."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from attnwidget.capture.attention.layout import Grid
from attnwidget.capture.gradients.position_codes import Code


@dataclass(frozen=True, eq=False)
class Side:
    """A tensor whose axes are entries, positions and features.

    Attributes
    ----------
    tensor
        (B, …), the tensor.
    axis
        The axis of its features.
    code
        The code of its positions.
    direction
        (D,), the direction of features that carries the numbers.
    """

    tensor: Tensor
    axis: int
    code: Code
    direction: Tensor

    @property
    def length(self) -> int:
        """Number of positions of all entries."""
        return self.code.count

    @property
    def grid(self) -> Grid | None:
        """Rows and columns, if the positions have two axes."""
        sizes = list(self.tensor.shape)
        del sizes[self.axis], sizes[0]
        return Grid(sizes[0], sizes[1]) if len(sizes) == 2 else None

    def tangents(self) -> Iterator[Tensor]:
        """Yield tensors that carry each number of the code."""
        shape = list(self.tensor.shape)
        features = shape.pop(self.axis)
        for number in self.code.numbers:
            carried = (number[:, None] * self.direction).view(*shape, features)
            yield carried.movedim(-1, self.axis)

    def by_position(self, tensor: Tensor) -> Tensor:
        """Return a tensor of the same shape as (positions, features)."""
        return tensor.movedim(self.axis, -1).reshape(self.length, -1)


def sides(tensor: Tensor) -> Iterator[Side]:
    """Yield a tensor with its features on the last axis, and then on the one after the entries."""
    for axis in dict.fromkeys((tensor.ndim - 1, 1)):
        features = tensor.shape[axis]
        direction = torch.randn(features, device="cpu").to(tensor)
        yield Side(tensor, axis, Code(tensor.numel() // features, tensor), direction)
