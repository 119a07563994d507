"""Collect the tensors of a trace for a file, each once."""

from collections.abc import Hashable

from torch import Tensor

from attnwidget.trace.saved.file import DTYPES, Entry


class TensorWriter:
    """The tensors of a file, by names that its description refers to.

    Attributes
    ----------
    entries
        The tensors by name.
    permuted
        The axes of those tensors whose order in the file is another, in the order of the file.
    """

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.permuted: dict[str, list[int]] = {}
        self._names: dict[Hashable, str] = {}

    def exact(self, name: str, tensor: Tensor | None) -> str | None:
        """Add a tensor as it is and return its name, or that of the same tensor added before."""
        if tensor is None:
            return None
        key = _identity(tensor)
        if key not in self._names:
            self._names[key] = name
            self._add(name, tensor)
        return self._names[key]

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
