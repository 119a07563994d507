"""Read the description of a trace, whose author may be anyone."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeAlias, TypeVar

T = TypeVar("T")

Read: TypeAlias = Callable[[object, str], T]
"""Reads a value, whose place in the description is given for errors."""


LARGEST = sys.float_info.max


class DamagedError(ValueError):
    """The description or the tensors of a file are not those of a trace."""


@dataclass(frozen=True)
class Fields:
    """An object of the description.

    Attributes
    ----------
    values
        Its fields.
    where
        Its place.
    """

    values: dict[str, Any]
    where: str

    @classmethod
    def read(cls, value: object, where: str) -> "Fields":
        """Read an object."""
        if not isinstance(value, dict):
            raise wrong(where, "an object", value)
        return cls(value, where)

    def one(self, name: str, read: Read[T]) -> T:
        """Read a field."""
        if name not in self.values:
            raise DamagedError(f"{self.where} has no {name!r}")
        return read(self.values[name], f"{self.where}.{name}")

    def optional(self, name: str, read: Read[T]) -> T | None:
        """Read a field that may be null."""
        return self.one(name, or_none(read))

    def all(self, name: str, read: Read[T]) -> tuple[T, ...]:
        """Read a field that is a list."""
        return self.one(name, lambda value, where: each_of(value, where, read))


def wrong(where: str, expected: str, value: object) -> DamagedError:
    """Return the error for a value that is not what it should be."""
    shown = repr(value)
    return DamagedError(
        f"{where} must be {expected}, not {shown[:60]}{'…' if len(shown) > 60 else ''}"
    )


def or_none(read: Read[T]) -> Read[T | None]:
    """Return a reader that also takes null."""
    return lambda value, where: None if value is None else read(value, where)


def each_of(value: object, where: str, read: Read[T]) -> tuple[T, ...]:
    """Read a list."""
    if not isinstance(value, list):
        raise wrong(where, "a list", value)
    return tuple(read(each, f"{where}[{place}]") for place, each in enumerate(value))


def text(value: object, where: str) -> str:
    """Read a text."""
    if not isinstance(value, str):
        raise wrong(where, "a text", value)
    return value


def flag(value: object, where: str) -> bool:
    """Read true or false."""
    if not isinstance(value, bool):
        raise wrong(where, "true or false", value)
    return value


def number(value: object, where: str) -> float:
    """Read a finite number."""
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not abs(value) <= LARGEST:
        raise wrong(where, "a finite number", value)
    return float(value)


def positive(value: object, where: str) -> float:
    """Read a finite number above 0."""
    found = number(value, where)
    if found <= 0:
        raise wrong(where, "a number above 0", value)
    return found


def within(size: int, start: int = 0) -> Read[int]:
    """Return a reader of a whole number from `start` up to, but not, `size`."""

    def read(value: object, where: str) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not start <= value < size:
            raise wrong(where, f"a whole number from {start} to {size - 1}", value)
        return value

    return read


def one_of(*names: str) -> Read[str]:
    """Return a reader of one of some texts."""

    def read(value: object, where: str) -> str:
        if value not in names:
            raise wrong(where, f"one of {', '.join(names)}", value)
        return str(value)

    return read
