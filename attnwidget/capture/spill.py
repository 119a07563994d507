"""Tensors that are rarely needed, kept in a file instead of in memory."""

import tempfile

import torch
from torch import Tensor

WORTH_A_FILE = 1 << 20
"""Bytes from which on a tensor is put in a file."""


def spilled(tensor: Tensor) -> Tensor:
    """Return a copy of a large tensor that takes memory only once it is read.

    The copy is mapped from a temporary file, which has no name any more and goes with the tensor.
    Small tensors are returned as they are, and so are all where files cannot be mapped that way.
    """
    if tensor.nbytes < WORTH_A_FILE:
        return tensor
    dense = tensor.contiguous()
    try:
        with tempfile.NamedTemporaryFile(prefix="attnwidget-") as file:
            dense.flatten().view(torch.uint8).numpy().tofile(file)
            file.flush()
            mapped = torch.from_file(file.name, shared=False, size=dense.numel(), dtype=dense.dtype)
    except (OSError, RuntimeError):
        return tensor
    return mapped.view(dense.shape)
