"""Tiles of tensors that broadcast."""

from torch import Tensor

from attnwidget.trace.selection import Indices


def tile(tensor: Tensor, heads: Indices, queries: Indices, keys: Indices) -> Tensor:
    """Return ``tensor[heads][:, queries][:, :, keys]``, leaving axes of length 1 as they are.

    Parameters
    ----------
    tensor
        (H or 1, n_q or 1, n_k or 1).
    """
    if tensor.shape[0] > 1:
        tensor = tensor[heads]
    if tensor.shape[1] > 1:
        tensor = tensor[:, queries]
    if tensor.shape[2] > 1:
        tensor = tensor[:, :, keys]
    return tensor
