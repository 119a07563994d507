"""The target of gradients: the scalar that they are taken of."""

import operator
from collections.abc import Callable
from typing import Any, Literal, TypeAlias

from torch import Tensor

ScalarOf: TypeAlias = Callable[[Any], Tensor]
"""A function from a model's output to a scalar."""

Aim: TypeAlias = (
    tuple[Literal["logit", "log_prob"], int | None, int | None]
    | tuple[Literal["hidden"], int | None]
)
"""The differentiated quantity, the position and the token or class.

A position of None is the default of the head, an index of None the predicted one.
"""

Choice: TypeAlias = Aim | tuple[Literal["logit", "log_prob"], int | None, str]
"""An aim whose token or class may be given by its text."""

Target: TypeAlias = Aim | ScalarOf | None
"""The scalar that gradients are taken of; None is the default of the model's head."""

LENGTHS = {"logit": 3, "log_prob": 3, "hidden": 2}

FORMS = (
    'None, ("logit", position, index), ("log_prob", position, index), ("hidden", position) or a '
    "function from the model's output to a scalar tensor"
)


def check_target(target: object, index_of: Callable[[str], int] | None = None) -> Target:
    """Return `target` in its canonical form.

    The position and the class can be checked only after the model has run.

    Parameters
    ----------
    target
        The target.
    index_of
        Returns the index of the token or class of a text; None if only indices are known.

    Raises
    ------
    ValueError
        `target` has none of the forms of a target.
    """
    if target is None or (callable(target) and not isinstance(target, type)):
        return target
    parts: tuple[Any, ...] = tuple(target) if isinstance(target, (tuple, list)) else ()
    kind = parts[0] if parts and isinstance(parts[0], str) else ""
    if index_of is not None and len(parts) == LENGTHS["logit"] and isinstance(parts[2], str):
        parts = (*parts[:2], index_of(parts[2]))
    if len(parts) != LENGTHS.get(kind) or not all(map(_is_place, parts[1:])):
        raise ValueError(f"target must be {FORMS}, but {target!r} was given.")
    if kind == "hidden":
        return ("hidden", _place(parts[1]))
    name: Literal["logit", "log_prob"] = "logit" if kind == "logit" else "log_prob"
    return (name, _place(parts[1]), _place(parts[2]))


def _is_place(value: Any) -> bool:
    return value is None or (hasattr(value, "__index__") and not isinstance(value, bool))


def _place(value: Any) -> int | None:
    return None if value is None else operator.index(value)
