"""Traits that check and normalise the values that users assign.

`Selection` checks the ranges of numbers, because they depend on other traits.
"""

import operator
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from traitlets import TraitError, TraitType

from attnwidget.methods.edits import read_edits
from attnwidget.methods.named_target import read_target, target_json
from attnwidget.trace.cut import read_cuts

SIDES = ("query", "key")


class Index(TraitType[int, Any]):
    """A whole number of any integer type."""

    default_value = 0

    def validate(self, obj: Any, value: Any) -> int:
        """Return a plain int."""
        return _whole(value, f"{self.name} must be a whole number, but {value!r} was given.")


class Indices(TraitType["list[int] | None", Any]):
    """A list of distinct whole numbers, or None; a single number becomes a list of one."""

    default_value = None

    def validate(self, obj: Any, value: Any) -> list[int] | None:
        """Return a list of plain ints."""
        if value is None:
            return None
        message = (
            f"{self.name} must be None or a list of distinct whole numbers with at least one "
            f"entry, but {value!r} was given."
        )
        entries = value.tolist() if hasattr(value, "tolist") else value
        if isinstance(entries, str | bytes | Mapping):
            raise TraitError(message)
        if not isinstance(entries, Iterable):
            entries = [entries]
        indices = [_whole(entry, message) for entry in entries]
        if not indices:
            raise TraitError(message)
        return indices


class Share(TraitType[float, Any]):
    """A number above 0 and up to 1."""

    def validate(self, obj: Any, value: Any) -> float:
        """Return a plain float."""
        message = f"{self.name} must be a number above 0 and up to 1, but {value!r} was given."
        share = _number(value, message)
        if not 0 < share <= 1:
            raise TraitError(message)
        return share


class Ratio(TraitType[float, Any]):
    """A number from 0 to below 1."""

    default_value = 0.0

    def validate(self, obj: Any, value: Any) -> float:
        """Return a plain float."""
        message = f"{self.name} must be a number from 0 to below 1, but {value!r} was given."
        ratio = _number(value, message)
        if not 0 <= ratio < 1:
            raise TraitError(message)
        return ratio


class Pins(TraitType["list[dict[str, Any]]", Any]):
    """A list of tokens, each ``{"side": "query" | "key", "index": int}``."""

    def make_dynamic_default(self) -> list[dict[str, Any]]:
        """Return a list of its own for every widget."""
        return []

    def validate(self, obj: Any, value: Any) -> list[dict[str, Any]]:
        """Return a list of plain dicts."""
        message = (
            f'{self.name} must be a list of {{"side": "query" or "key", "index": int}}, but '
            f"{value!r} was given."
        )
        if not isinstance(value, list | tuple):
            raise TraitError(message)
        pins = []
        for pin in value:
            if not isinstance(pin, Mapping) or set(pin) != {"side", "index"}:
                raise TraitError(message)
            if pin["side"] not in SIDES:
                raise TraitError(message)
            pins.append({"side": pin["side"], "index": _whole(pin["index"], message)})
        return pins


class Node(TraitType["dict[str, int] | None", Any]):
    """A node of the trace view, ``{"level": int, "index": int}``, or None."""

    default_value = None

    def validate(self, obj: Any, value: Any) -> dict[str, int] | None:
        """Return a plain dict."""
        message = (
            f'{self.name} must be None or {{"level": int, "index": int}}, but {value!r} was given.'
        )
        if value is None:
            return None
        if not isinstance(value, Mapping) or set(value) != {"level", "index"}:
            raise TraitError(message)
        return {name: _whole(value[name], message) for name in ("level", "index")}


class Comparison(TraitType["dict[str, Any] | None", Any]):
    """A matrix, ``{"layer": int, "head": int, "method": str}``, or None.

    A field that is None or missing is the same as in the first matrix.
    """

    default_value = None

    def validate(self, obj: Any, value: Any) -> dict[str, Any] | None:
        """Return a plain dict with every field."""
        message = (
            f'{self.name} must be None or a dict of "layer" (int), "head" (int) and "method" '
            f"(str), but {value!r} was given."
        )
        if value is None:
            return None
        if not isinstance(value, Mapping) or not set(value) <= {"layer", "head", "method"}:
            raise TraitError(message)
        given = {name: value.get(name) for name in ("layer", "head", "method")}
        method = given.pop("method")
        if method is not None and not isinstance(method, str):
            raise TraitError(message)
        numbers = {
            name: None if number is None else _whole(number, message)
            for name, number in given.items()
        }
        return {**numbers, "method": method}


class Target(TraitType["dict[str, Any] | None", Any]):
    """The target of gradients, ``{"kind": …, "position": …, "index": …}``, or None.

    The tuples of `attnwidget.capture` are allowed too.
    """

    default_value = None

    def validate(self, obj: Any, value: Any) -> dict[str, Any] | None:
        """Return a plain dict with every field."""
        try:
            return target_json(read_target(value))
        except ValueError as error:
            raise TraitError(str(error)) from error


class Cuts(TraitType["list[dict[str, Any]]", Any]):
    """A list of cuts: `Cut` objects, or mappings as `Cut.to_json` returns them."""

    default_value: list[dict[str, Any]] = []  # noqa: RUF012  traitlets copies it

    def validate(self, obj: Any, value: Any) -> list[dict[str, Any]]:
        """Return a list of plain dicts with every field."""
        if value is None or (isinstance(value, Sequence) and not len(value)):
            return []
        try:
            return [cut.to_json() for cut in read_cuts(value)]
        except ValueError as error:
            raise TraitError(str(error)) from error


class Edits(TraitType["list[dict[str, Any]]", Any]):
    """A list of edits, a text, or a mapping of positions to tokens; see `read_edits`.

    The run on what was edited is made when it is assigned.
    """

    default_value: list[dict[str, Any]] = []  # noqa: RUF012  traitlets copies it

    def validate(self, obj: Any, value: Any) -> list[dict[str, Any]]:
        """Return a list of plain dicts with every field."""
        try:
            return obj.prepared_edits(read_edits(value))  # type: ignore[no-any-return]  # owners are untyped in traitlets
        except (IndexError, ValueError) as error:
            raise TraitError(str(error)) from error


def _number(value: Any, message: str) -> float:
    if isinstance(value, bool | str):
        raise TraitError(message)
    try:
        return float(value)
    except (TypeError, ValueError) as error:
        raise TraitError(message) from error


def _whole(value: Any, message: str) -> int:
    if isinstance(value, bool) or not hasattr(value, "__index__"):
        raise TraitError(message)
    try:
        return operator.index(value)
    except TypeError as error:  # a torch or numpy array of several numbers
        raise TraitError(message) from error
