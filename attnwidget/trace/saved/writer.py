"""Collect the tensors of a trace for a file, each once."""

from collections.abc import Callable, Hashable
from typing import Any

from torch import Tensor

from attnwidget.trace.saved.file import DTYPES, Entry
from attnwidget.trace.saved.rounding import Storage, halved, rounded, rounded_gradients
from attnwidget.trace.scaled import ScaledTensor, Vectors


class TensorWriter:
    """The tensors of a file, by names that its description refers to.

    Attributes
    ----------
    storage
        How numbers are stored.
    entries
        The tensors by name.
    permuted
        The axes of those tensors whose order in the file is another, in the order of the file.
    """

    def __init__(self, storage: Storage = "float32") -> None:
        self.storage = storage
        self.entries: dict[str, Entry] = {}
        self.permuted: dict[str, list[int]] = {}
        self._names: dict[Hashable, str] = {}
        self._made: dict[Hashable, tuple[Tensor, Any]] = {}

    def exact(self, name: str, tensor: Tensor | None) -> str | None:
        """Add a tensor as it is and return its name, or that of the same tensor added before."""
        if tensor is None:
            return None
        key = _identity(tensor)
        if key not in self._names:
            self._names[key] = name
            self._add(name, tensor)
        return self._names[key]

    def vectors(self, name: str, vectors: Vectors) -> Any:
        """Add numbers as they are and return what refers to them."""
        if not isinstance(vectors, ScaledTensor):
            return self.exact(name, vectors)
        return {
            "codes": self.exact(name, vectors.codes),
            "scales": self.exact(f"{name}.scales", vectors.scales),
        }

    def rounded(self, name: str, vectors: Vectors) -> Any:
        """Add numbers, rounded where the file is to be small, by scales of rows."""
        return self._once(name, vectors, lambda: rounded(vectors, self.storage))

    def halved(self, name: str, vectors: Vectors) -> Any:
        """Add numbers, in half precision where the file is to be small."""
        if self.storage == "float32":
            return self.vectors(name, vectors)
        return self._once(name, vectors, lambda: halved(vectors))

    def gradients(self, name: str, vectors: Vectors) -> Any:
        """Add gradients, rounded where the file is to be small."""
        return self.vectors(name, rounded_gradients(vectors, self.storage))

    def _once(self, name: str, vectors: Vectors, make: Callable[[], Vectors]) -> Any:
        """Add what is made of numbers that several layers may share."""
        if isinstance(vectors, ScaledTensor):
            return self.vectors(name, vectors)
        key = _identity(vectors)
        if key not in self._made:
            self._made[key] = vectors, self.vectors(name, make())
        return self._made[key][1]

    def _add(self, name: str, tensor: Tensor) -> None:
        if tensor.dtype not in DTYPES:
            tensor = tensor.float() if tensor.is_floating_point() else tensor.long()
        # In the order of the memory: sums of numbers in another order round otherwise.
        strides = tensor.stride()
        order = sorted(range(tensor.ndim), key=lambda axis: -strides[axis])
        if not tensor.is_contiguous() and tensor.permute(order).is_contiguous():
            tensor = tensor.permute(order)
            self.permuted[name] = order
        self.entries[name] = Entry(tensor.dtype, tuple(tensor.shape), lambda: tensor)


def _identity(tensor: Tensor) -> Hashable:
    """Return a key that tensors share which are the same part of the same memory."""
    return tensor.data_ptr(), tuple(tensor.shape), tensor.stride(), tensor.dtype
