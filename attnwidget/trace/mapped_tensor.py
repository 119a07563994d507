"""Keep large tensors in memory-mapped files."""

import tempfile

import torch
from torch import Tensor

MIN_MAPPED_BYTES = 1 << 22
"""Smallest size of a tensor that is put in a file."""


def detached_copy(tensor: Tensor) -> Tensor:
    """Return a tensor on the CPU, without gradients, that keeps nothing else in memory.

    A large tensor is mapped from a temporary file without a name, which goes with the tensor. It
    takes memory only while it is read, and leaves no holes between what the forward pass frees.
    Where files cannot be mapped that way it stays in memory.
    """
    tensor = tensor.detach().cpu()
    if tensor.nbytes >= MIN_MAPPED_BYTES:
        try:
            return _mapped(tensor)
        except (OSError, RuntimeError):
            pass
    is_alone = tensor.untyped_storage().nbytes() == tensor.nbytes
    return tensor if is_alone else tensor.clone()


def _mapped(tensor: Tensor) -> Tensor:
    with tempfile.NamedTemporaryFile(prefix="attnwidget-") as file:
        # Head by head: a copy of the whole would leave a hole of its size in the heap.
        for head in tensor:
            head.contiguous().flatten().view(torch.uint8).numpy().tofile(file)
        file.flush()
        size, dtype = tensor.numel(), tensor.dtype
        return torch.from_file(file.name, shared=False, size=size, dtype=dtype).view(tensor.shape)
