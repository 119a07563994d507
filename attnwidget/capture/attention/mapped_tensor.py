"""Tensors that outlive the forward pass, large ones in a file instead of in memory."""

import tempfile

import torch
from torch import Tensor

WORTH_A_FILE = 1 << 22
"""Bytes from which on a tensor is put in a file."""


def kept(tensor: Tensor) -> Tensor:
    """Return a tensor on the CPU, without gradients, that keeps nothing else in memory.

    A large one is mapped from a temporary file, which has no name any more and goes with the
    tensor: it takes memory only while it is read, and leaves no holes between what the forward
    pass frees. Where files cannot be mapped that way it stays in memory.
    """
    tensor = tensor.detach().cpu()
    if tensor.nbytes >= WORTH_A_FILE:
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
