"""Check the layers and heads that a caller lists."""

from collections.abc import Iterable
from typing import SupportsIndex

from attnwidget.trace.indexing import resolve_index


def chosen(given: Iterable[SupportsIndex], size: int, axis: str, argument: str) -> list[int]:
    """Return the indices that an argument lists, counted from the front.

    Parameters
    ----------
    given
        A list, or an array of whole numbers; negative ones count from the end.
    size
        Number of layers or heads.
    axis
        Name of one entry, such as ``"head"``.
    argument
        Name of the argument.

    Raises
    ------
    IndexError
        There is no such entry.
    ValueError
        `given` is no list of whole numbers, or it is empty or names an entry twice.
    """
    try:
        entries = list(given)
    except TypeError:
        raise ValueError(
            f"{argument} must be a list of {axis}s, such as [0], but {given!r} was given."
        ) from None
    places = [resolve_index(entry, size, axis) for entry in entries]
    if not places:
        raise ValueError(
            f"{argument} is empty, which would leave nothing to show. Name at least one {axis}, or "
            "pass None for all of them."
        )
    if len(set(places)) < len(places):
        raise ValueError(f"{argument} names a {axis} twice: {places}. Name each once.")
    return places
