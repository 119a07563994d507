"""A cache of results for the last few tensors."""

from collections import deque
from collections.abc import Callable
from typing import Generic, TypeVar

from torch import Tensor

T = TypeVar("T")

SIZE = 4
"""Number of tensors in the cache: the layers of a model share two or three masks."""


class TensorCache(Generic[T]):
    """The results for the last few tensors, which are recognised by identity."""

    def __init__(self) -> None:
        self._entries: deque[tuple[Tensor, int, T]] = deque(maxlen=SIZE)

    def get(self, tensor: Tensor, compute: Callable[[], T], entry: int = 0) -> T:
        """Return the result of `compute` for an entry of this very tensor, if it is not kept."""
        for known, place, result in self._entries:
            if known is tensor and place == entry:
                return result
        result = compute()
        self._entries.append((tensor, entry, result))
        return result
