"""Round the tensors of a trace for a smaller file."""

from typing import Literal, TypeAlias, get_args

import torch
from torch import Tensor

from attnwidget.trace.scaled import ScaledTensor, Vectors

Storage: TypeAlias = Literal["float32", "float16", "int8"]
"""How numbers are stored: as the trace holds them, in half precision, or in 8 bits."""

STORAGES: tuple[Storage, ...] = get_args(Storage)

WORDS = {"float16": "half precision", "int8": "8 bits"}

LARGEST = 127
"""Largest code of 8 bits."""

Axis: TypeAlias = Literal[-1, -2]
"""The axis whose numbers share a scale: -1 for those of a row, -2 for those of a column."""


def halved(vectors: Vectors) -> Vectors:
    """Return numbers in half precision, or as they are if they have no more bits or do not fit."""
    if isinstance(vectors, ScaledTensor) or vectors.dtype.itemsize <= 2:
        return vectors
    half = vectors.to(torch.float16)
    return half if bool(half.isfinite().all()) else vectors


def rounded(vectors: Vectors, storage: Storage, axis: Axis = -1) -> Vectors:
    """Return numbers as they are stored.

    Parameters
    ----------
    vectors
        The numbers.
    storage
        How they are stored.
    axis
        The axis whose numbers share a scale, in 8 bits.
    """
    if storage == "float32" or isinstance(vectors, ScaledTensor) or not vectors.numel():
        return vectors
    return halved(vectors) if storage == "float16" else _scaled(vectors, axis, torch.int8)


def rounded_gradients(gradients: Vectors, storage: Storage) -> Vectors:
    """Return gradients as they are stored; each row has a scale, as they may be very small."""
    if storage == "float32" or isinstance(gradients, ScaledTensor):
        return gradients
    return _scaled(gradients, -1, torch.float16 if storage == "float16" else torch.int8)


def _scaled(tensor: Tensor, axis: Axis, dtype: torch.dtype) -> ScaledTensor:
    numbers = tensor.float()
    scales = numbers.abs().amax(axis, keepdim=True)
    if dtype == torch.int8:
        scales = scales / LARGEST
    scales = scales.masked_fill(scales == 0, 1.0)
    codes = numbers / scales
    if dtype == torch.int8:
        codes = codes.round_().clamp_(-LARGEST, LARGEST)
    return ScaledTensor(codes.to(dtype), scales)
