"""A value that one thread computes when it is first needed."""

from collections.abc import Callable
from threading import Lock
from typing import Any, Generic, TypeVar

T = TypeVar("T")


class Once(Generic[T]):
    """The result of a computation that must run at most once.

    A copy or a pickle of it is empty.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self.value: T | None = None

    def get(self, compute: Callable[[], T]) -> T:
        """Return the value, which the first call computes."""
        with self._lock:
            if self.value is None:
                self.value = compute()
            return self.value

    def __reduce__(self) -> tuple[Any, ...]:
        return type(self), ()
