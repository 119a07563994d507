"""Requests from outside, checked field by field as they are taken."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

from attnwidget.trace import Stream, Trace
from attnwidget.trace.selection import resolve_index

T = TypeVar("T", bound=str)


class Reader:
    """The fields of one request.

    Every method takes a field, or its default where it is missing, and raises `ValueError` or
    `IndexError` with a text that names what is there.

    Parameters
    ----------
    trace
        What the request is about.
    want
        The request.
    """

    def __init__(self, trace: Trace, want: Mapping[str, Any]) -> None:
        self._trace = trace
        self._fields = dict(want)
        self._fields.pop("kind", None)

    def stream(self) -> Stream:
        """Take ``stream``: the first one where it is missing."""
        return self._trace[self.choice("stream", self._trace.streams)]

    def choice(self, name: str, allowed: Sequence[T]) -> T:
        """Take one of several names, by default the first."""
        value = self._fields.pop(name, allowed[0])
        for each in allowed:
            if each == value:
                return each
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, but {value!r} was given.")

    def flag(self, name: str) -> bool:
        """Take true or false, by default false."""
        value = self._fields.pop(name, False)
        if not isinstance(value, bool):
            raise ValueError(f"{name} must be true or false, but {value!r} was given.")
        return value

    def index(self, name: str, size: int) -> int:
        """Take a position on an axis, by default 0; negative ones count from the end."""
        return resolve_index(self._fields.pop(name, 0), size, name)

    def heads(self, size: int) -> tuple[int, ...] | None:
        """Take ``heads``: distinct ones, or None for all of them fused."""
        value = self._fields.pop("heads", None)
        return None if value is None else distinct_heads(value, size)

    def amount(self, name: str, default: int, largest: int) -> int:
        """Take a whole number from 1 to `largest`."""
        value = self._fields.pop(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= largest:
            raise ValueError(
                f"{name} must be a whole number from 1 to {largest}, but {value!r} was given."
            )
        return value

    def finish(self) -> None:
        """Refuse what was not taken."""
        if self._fields:
            unknown = ", ".join(map(repr, self._fields))
            raise ValueError(f"The request has fields that its kind does not know: {unknown}.")


def distinct_heads(heads: object, size: int) -> tuple[int, ...]:
    """Return a list of head numbers, counted from the front.

    Raises
    ------
    IndexError
        A head is out of range.
    ValueError
        `heads` is no list of numbers, is empty, or names a head twice.
    """
    if isinstance(heads, str) or not isinstance(heads, Sequence):
        raise ValueError(f"heads must be a list of numbers or None, but {heads!r} was given.")
    chosen = tuple(resolve_index(head, size, "head") for head in heads)
    if not chosen:
        raise ValueError("heads is empty: name at least one head, or pass None for all, fused.")
    if len(set(chosen)) < len(chosen):
        raise ValueError(f"heads must be distinct, but {list(heads)} names a head twice.")
    return chosen
