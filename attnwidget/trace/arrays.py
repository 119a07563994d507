"""Arrays of any library as torch tensors."""

from collections.abc import Iterable
from typing import Protocol, TypeAlias

import numpy as np
import torch
from numpy.typing import ArrayLike
from torch import Tensor
from torch.utils.dlpack import from_dlpack


class SupportsDlpack(Protocol):
    """An array that other libraries can read through DLPack."""

    def __dlpack__(self) -> object: ...


Array: TypeAlias = Tensor | ArrayLike | SupportsDlpack
"""A torch tensor, a numpy or JAX array, or nested lists of numbers."""


def as_tensor(array: Array, name: str) -> Tensor:
    """Return a floating tensor on the CPU, which may share memory with `array`, without gradient.

    Half precision stays as it is; all other numbers become float32.

    Parameters
    ----------
    array
        The array that the user passed.
    name
        Name of the array for the error.

    Raises
    ------
    ValueError
        `array` does not hold real numbers on a regular grid.
    """
    tensor = as_floating(array, name)
    return tensor.float() if tensor.dtype == torch.float64 else tensor


def as_floating(array: Array, name: str) -> Tensor:
    """Return a tensor as `as_tensor` does, but keep double precision.

    The tensor shares memory with `array` if that holds floats that torch can write to.

    Parameters
    ----------
    array
        The array that the user passed.
    name
        Name of the array for the error.

    Raises
    ------
    ValueError
        `array` does not hold real numbers on a regular grid.
    """
    tensor = array.detach().cpu() if isinstance(array, Tensor) else _from_foreign(array, name)
    if tensor.is_complex():
        raise ValueError(f"{name} must hold real numbers, but its dtype is {tensor.dtype}.")
    if tensor.dtype in (torch.float16, torch.bfloat16, torch.float64):
        return tensor
    return tensor.to(torch.float32)


def held_bytes(tensors: Iterable[Tensor]) -> int:
    """Return the bytes of the storages behind `tensors`, each counted once.

    A view counts with all that it keeps alive.
    """
    storages = (tensor.untyped_storage() for tensor in tensors)
    return sum({storage.data_ptr(): storage.nbytes() for storage in storages}.values())


def _from_foreign(array: ArrayLike | SupportsDlpack, name: str) -> Tensor:
    if hasattr(array, "__dlpack__") and not hasattr(array, "__array__"):
        return from_dlpack(array).detach().cpu()
    try:
        values = np.asarray(array)
    except (TypeError, ValueError, RuntimeError) as error:
        raise ValueError(
            f"{name} must be an array of numbers, but {_described(array)} was given, of which "
            f"numpy says: {error}"
        ) from error
    if values.dtype.name == "bfloat16":
        return torch.from_numpy(values.astype(np.float32)).to(torch.bfloat16)
    if values.dtype.kind not in "biuf":
        raise ValueError(
            f"{name} must be an array of real numbers, but {_described(array)} was given, with "
            f"dtype {values.dtype}."
        )
    kept = values.dtype.kind == "f" and values.dtype.itemsize in (2, 8)
    dtype = values.dtype.newbyteorder("=") if kept else np.dtype(np.float32)
    native = np.asarray(values, dtype=dtype, order="C")
    return torch.from_numpy(native if native.flags.writeable else native.copy())


def _described(array: object) -> str:
    return "None" if array is None else f"an object of type {type(array).__name__}"
