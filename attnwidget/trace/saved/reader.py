"""Hand out the tensors of a file that its description refers to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeVar

import torch
from torch import Tensor

from attnwidget.trace.saved.fields import DamagedError, Fields, text
from attnwidget.trace.saved.file import OpenFile
from attnwidget.trace.scaled import ScaledTensor, Vectors

T = TypeVar("T", Tensor, Vectors)


@dataclass(frozen=True)
class TensorReader:
    """The tensors of a file.

    Attributes
    ----------
    file
        The file.
    permuted
        The axes of those tensors whose order in the file is another, in the order of the file.
    """

    file: OpenFile
    permuted: Mapping[str, tuple[int, ...]]

    def floating(self, value: object, where: str) -> Tensor:
        """Return a tensor of floating numbers."""
        found = self._tensor(value, where)
        if not found.is_floating_point():
            raise DamagedError(f"{where} must be floating numbers, but they are {found.dtype}")
        return found

    def vectors(self, value: object, where: str) -> Vectors:
        """Return numbers, which may be codes with scales."""
        if not isinstance(value, dict):
            return self.floating(value, where)
        fields = Fields.read(value, where)
        codes = fields.one("codes", self._tensor)
        if codes.dtype not in (torch.int8, torch.float16):
            raise DamagedError(f"{where}.codes must be 8 or 16 bits, but they are {codes.dtype}")
        scales = fields.one("scales", self.floating)
        sizes = zip(scales.shape, codes.shape, strict=False)
        if scales.ndim != codes.ndim or any(one not in (1, other) for one, other in sizes):
            raise DamagedError(f"{where}.scales must broadcast to {tuple(codes.shape)}")
        return ScaledTensor(codes, scales)

    def mask(self, value: object, where: str) -> Tensor:
        """Return a tensor of floating numbers or booleans."""
        found = self._tensor(value, where)
        if found.dtype != torch.bool and not found.is_floating_point():
            raise DamagedError(f"{where} must be floating or boolean, but it is {found.dtype}")
        return found

    def indices(self, value: object, where: str) -> Tensor:
        """Return a tensor of indices."""
        found = self._tensor(value, where)
        if found.dtype != torch.int64:
            raise DamagedError(f"{where} must be 64-bit indices, but they are {found.dtype}")
        return found

    def _tensor(self, value: object, where: str) -> Tensor:
        name = text(value, where)
        if name not in self.file.names:
            raise DamagedError(f"{where} is {name[:60]!r}, and the file has no tensor of this name")
        found = self.file.tensor(name)
        order = self.permuted.get(name)
        if order is None:
            return found
        if sorted(order) != list(range(found.ndim)):
            raise DamagedError(f"the order of the axes of {name!r} is {order}")
        return found.permute([order.index(axis) for axis in range(found.ndim)])


def shaped(tensor: T, shape: tuple[int, ...], where: str) -> T:
    """Return a tensor that has the expected shape."""
    if tensor.shape != shape:
        raise DamagedError(f"{where} must have the shape {shape}, but has {tuple(tensor.shape)}")
    return tensor


def in_bounds(indices: Tensor, start: int, stop: int, where: str) -> Tensor:
    """Return indices that lie from `start` up to, but not, `stop`."""
    if indices.numel() and not (start <= int(indices.min()) and int(indices.max()) < stop):
        raise DamagedError(f"{where} must be indices from {start} to {stop - 1}")
    return indices
