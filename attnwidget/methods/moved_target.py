"""The target of one text in another."""

from collections.abc import Mapping
from typing import Any, cast

from attnwidget.trace.target import FIELDS, Aim, IndexedTarget

OWN_PLACES = ("position", "start", "stop")
"""The fields of a target that are places in a text."""


def moved_target(target: IndexedTarget, places: Mapping[int, int]) -> IndexedTarget:
    """Return a target, counted from the front, at the same tokens of another text.

    Parameters
    ----------
    target
        The target.
    places
        The places in the other text of the tokens that it has.

    Raises
    ------
    ValueError
        The other text does not have the tokens that the target is at.
    """
    if not isinstance(target, tuple):
        return target
    kind, *values = target
    moved: list[Any] = []
    for field, value in zip(FIELDS[kind], values, strict=True):
        if field not in OWN_PLACES or value is None:
            moved.append(value)
            continue
        last = field == "stop"
        place = places.get(value - last)
        if place is None:
            raise ValueError(
                f"The target {target!r} is at a token that is in the first text alone. Choose one "
                "that both texts have."
            )
        moved.append(place + last)
    return cast("Aim", (kind, *moved))
