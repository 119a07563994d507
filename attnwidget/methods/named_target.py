"""Targets of gradients as plain data, the form that requests and traits hold."""

from collections.abc import Mapping
from typing import Any, TypeAlias, cast

from attnwidget.trace import Trace
from attnwidget.trace.indexing import resolve_index
from attnwidget.trace.target import Aim, check_target

NamedTarget: TypeAlias = Aim | None
"""A target as plain data; None is the default of the model's head."""

FIELDS = {"kind", "position", "index"}


def read_target(value: object) -> NamedTarget:
    """Return a target given as one of the tuples, or as a mapping of kind, position and index.

    Raises
    ------
    ValueError
        The value is not a target, or is a function.
    """
    if callable(value):
        raise ValueError(
            "A function of the model's output cannot be a target here; pass it to "
            "attnwidget.capture(…, target=…), and leave the target None."
        )
    return cast("NamedTarget", check_target(_as_tuple(value)))


def resolve_target(target: NamedTarget, trace: Trace) -> NamedTarget:
    """Return the target with its position counted from the front.

    Raises
    ------
    IndexError
        The text has no such position.
    """
    if target is None or target[1] is None:
        return target
    position = resolve_index(target[1], num_positions(trace), "position")
    return (target[0], position, *target[2:])


def target_json(target: NamedTarget) -> dict[str, Any] | None:
    """Return the target as requests and the trait hold it."""
    if target is None:
        return None
    kind, position, *index = target
    return {"kind": kind, "position": position, "index": index[0] if index else None}


def _as_tuple(value: object) -> object:
    if not isinstance(value, Mapping) or "kind" not in value or not set(value) <= FIELDS:
        return value
    kind, position, index = (value.get(name) for name in ("kind", "position", "index"))
    return (kind, position) if kind == "hidden" and index is None else (kind, position, index)


def num_positions(trace: Trace) -> int:
    """Return the number of positions with a prediction: the decoder's, if there is a decoder."""
    stream = trace["decoder"] if "decoder" in trace else trace.stacks[0]
    return len(stream.queries)
