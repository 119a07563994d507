"""The target of gradients: the scalar that they are taken of."""

import operator
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias, cast

from torch import Tensor

ScalarOf: TypeAlias = Callable[[Any], Tensor]
"""A function from a model's output to a scalar."""

Aim: TypeAlias = (
    tuple[Literal["logit", "log_prob"], int | None, int | None]
    | tuple[Literal["hidden"], int | None]
    | tuple[Literal["contrast"], int | None, int | None, int]
    | tuple[Literal["span"], int, int | None]
)
"""The differentiated quantity and where it is: a position and tokens or classes, or a span.

A position of None is the default of the head, an index of None the predicted one, a stop of None
the end of the text.
"""

Choice: TypeAlias = (
    Aim
    | tuple[Literal["logit", "log_prob"], int | None, str]
    | tuple[Literal["contrast"], int | None, int | str | None, int | str]
)
"""An aim whose tokens or classes may be given by their text."""

Target: TypeAlias = Choice | ScalarOf | None
"""The scalar that gradients are taken of; None is the default of the model's head."""

IndexedTarget: TypeAlias = Aim | ScalarOf | None
"""A target whose tokens and classes are all given by their index."""

FIELDS: dict[str, tuple[str, ...]] = {
    "logit": ("position", "index"),
    "log_prob": ("position", "index"),
    "hidden": ("position",),
    "contrast": ("position", "index", "versus"),
    "span": ("start", "stop"),
}
"""The fields of each kind of target, in the order of its tuple."""

BY_TEXT = frozenset({"index", "versus"})
"""Fields that may hold the text of a token or class."""

NEEDED = frozenset({"versus", "start"})
"""Fields that may not be None."""

FORMS = (
    'None, ("logit", position, index), ("log_prob", position, index), ("hidden", position), '
    '("contrast", position, index, other_index), ("span", start, stop) or a '
    "function from the model's output to a scalar tensor"
)


@dataclass(frozen=True)
class SpanRange:
    """The tokens whose log-probability a span may sum up.

    Attributes
    ----------
    first
        The first one: 1 where each token is predicted from those before it, else 0.
    stop
        One after the last one.
    gaps
        Positions between them that no span may hold: masks, parts of images, tokens that the model
        reads before it predicts them.
    answer
        Start and stop of what the model wrote, of the decoder's text or of the second text; None if
        there is none of these without gaps.
    """

    first: int
    stop: int
    gaps: tuple[int, ...] = ()
    answer: tuple[int, int] | None = None


def check_target(target: object) -> Target:
    """Return `target` in its canonical form; tokens and classes may be named by their texts.

    The position and the class can be checked only after the model has run.

    Raises
    ------
    ValueError
        `target` has none of the forms of a target, or contrasts a token with itself.
    """
    if target is None or (callable(target) and not isinstance(target, type)):
        return target
    parts: tuple[Any, ...] = tuple(target) if isinstance(target, (tuple, list)) else ()
    kind = parts[0] if parts and isinstance(parts[0], str) else ""
    fields = FIELDS.get(kind)
    if (
        fields is None
        or len(parts) != 1 + len(fields)
        or not all(map(_is_allowed, fields, parts[1:]))
    ):
        raise ValueError(f"target must be {FORMS}, but {target!r} was given.")
    aim = (kind, *map(_plain, parts[1:]))
    return _different(cast("Choice", aim), target)


def with_indices(target: Target, index_of: Callable[[str], int]) -> IndexedTarget:
    """Return a target in which texts of tokens and classes are replaced by their indices.

    Raises
    ------
    ValueError
        `index_of` does not know a text, or two texts of a contrast have one index.
    """
    if target is None or callable(target):
        return target
    kind, *values = target
    found = (
        index_of(value) if field in BY_TEXT and isinstance(value, str) else value
        for field, value in zip(FIELDS[kind], values, strict=True)
    )
    return cast("Aim", _different(cast("Choice", (kind, *found)), target))


def _different(aim: Choice, given: object) -> Choice:
    """Return the aim, unless it is the contrast of a token or class with itself."""
    if aim[0] == "contrast" and aim[2] == aim[3]:
        raise ValueError(
            f"A contrast needs two different tokens or classes, but {given!r} names {aim[3]!r} "
            "twice, and the difference is always 0. Name another one, or take "
            f"{('logit', aim[1], aim[2])!r}."
        )
    return aim


def _is_allowed(field: str, value: Any) -> bool:
    if value is None:
        return field not in NEEDED
    if isinstance(value, str):
        return field in BY_TEXT
    return hasattr(value, "__index__") and not isinstance(value, bool)


def _plain(value: Any) -> int | str | None:
    return value if value is None or isinstance(value, str) else operator.index(value)
