"""Targets of gradients as plain data, the form that requests and traits hold."""

from collections.abc import Mapping
from typing import Any, TypeAlias, cast

from attnwidget.trace import Trace
from attnwidget.trace.gradients import needed
from attnwidget.trace.target import FIELDS, Aim, Choice, check_target

NamedTarget: TypeAlias = Aim | None
"""A target as plain data; None is the default of the model's head."""


def read_target(value: object) -> Choice | None:
    """Return a target given as one of the tuples, or as a mapping of its kind and its fields.

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
    return cast("Choice | None", check_target(_as_tuple(value)))


def stored_target(value: object) -> NamedTarget:
    """Return a target as `target_json` wrote it, once it was resolved."""
    return cast("NamedTarget", read_target(value))


def resolve_target(target: Choice | None, trace: Trace) -> NamedTarget:
    """Return the target with indices for texts, and positions counted from the front.

    Raises
    ------
    IndexError
        The text has no such position.
    ValueError
        A text is no token or class of the model, the model does not predict every token of a span,
        or the trace was made from arrays.
    """
    if target is None:
        return None
    return cast("Aim", needed(trace.gradients).resolved(target))


def target_json(target: Choice | None) -> dict[str, Any] | None:
    """Return the target as requests and the trait hold it."""
    if target is None:
        return None
    kind, *values = target
    fields = dict(zip(FIELDS[kind], values, strict=True))
    return {"kind": kind, **fields} | ({"index": None} if kind == "hidden" else {})


def _as_tuple(value: object) -> object:
    if not isinstance(value, Mapping):
        return value
    given = dict(value)
    kind = given.pop("kind", None)
    if kind == "hidden" and given.get("index") is None:
        given.pop("index", None)
    fields = FIELDS.get(kind) if isinstance(kind, str) else None
    if fields is None or not given.keys() <= set(fields):
        return value
    return (kind, *(given.get(name) for name in fields))


def num_positions(trace: Trace) -> int:
    """Return the number of positions with a prediction: the decoder's, if there is a decoder."""
    stream = trace["decoder"] if "decoder" in trace else trace.stacks[0]
    return len(stream.queries)
