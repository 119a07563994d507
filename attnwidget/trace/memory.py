"""How much memory tensors hold."""

from collections.abc import Iterable

from torch import Tensor


def held_bytes(tensors: Iterable[Tensor]) -> int:
    """Return the bytes of the storages behind `tensors`, each counted once.

    A view counts with all that it keeps alive.
    """
    storages = (tensor.untyped_storage() for tensor in tensors)
    return sum({storage.data_ptr(): storage.nbytes() for storage in storages}.values())
