"""Tensors of few bits, with scales."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

import torch
from torch import Tensor


@dataclass(frozen=True, eq=False)
class ScaledTensor:
    """A tensor that is ``codes * scales``, which parts of it are when they are used.

    Attributes
    ----------
    codes
        Numbers of few bits, such as int8.
    scales
        Float32 factors that broadcast to the shape of the codes.
    """

    codes: Tensor
    scales: Tensor

    @property
    def shape(self) -> torch.Size:
        """Shape of the tensor."""
        return self.codes.shape

    @property
    def ndim(self) -> int:
        """Number of axes."""
        return self.codes.ndim

    @property
    def dtype(self) -> torch.dtype:
        """The dtype of the codes."""
        return self.codes.dtype

    def __len__(self) -> int:
        return len(self.codes)

    def __getitem__(self, index: Any) -> "ScaledTensor":
        return ScaledTensor(self.codes[index], self.scales.expand(self.codes.shape)[index])

    def float(self) -> Tensor:
        """Return the numbers, float32."""
        return self.codes.float().mul_(self.scales)

    def to(self, dtype: torch.dtype, *, copy: bool = True) -> Tensor:
        """Return the numbers, which are always a copy."""
        return self.float().to(dtype)


Vectors: TypeAlias = Tensor | ScaledTensor
"""Numbers that are a tensor, or will be one where they are used."""


def held(*several: Vectors | None) -> Iterator[Tensor]:
    """Yield the tensors in memory."""
    for each in several:
        if isinstance(each, ScaledTensor):
            yield each.codes
            yield each.scales
        elif each is not None:
            yield each
