"""Tokens along an axis."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POINT = 1 / 72
"""In inches."""

LARGEST, SMALLEST = 10.0, 6.0
"""Size of tokens in points."""

LONGEST = 18
"""Characters of a token that are shown."""

SEPARATOR = " · "
"""Between the parts of a title."""

PLAIN: dict[str, Any] = {"parse_math": False, "usetex": False}
"""Text is text: dollar signs do not begin formulas."""


def shortened(token: str) -> str:
    """Return a token that is not too long to be drawn."""
    return token if len(token) <= LONGEST else token[: LONGEST - 1] + "…"


def wrapped(title: str, width: float, size: float) -> str:
    """Return a title broken where its parts meet, so that it fits above `width` inches.

    Parameters
    ----------
    size
        Of the font, in points.
    """
    most = width / (0.56 * size * POINT)
    return "\n".join(_filled(line, most) for line in title.split("\n"))


def font_size(cell: float) -> float:
    """Return the size in points of tokens that are `cell` inches apart."""
    return min(LARGEST, max(SMALLEST, 0.8 * cell / POINT))


def room(tokens: Sequence[str], cell: float) -> float:
    """Return how long the longest token is, in inches."""
    return max(_width(shortened(token), font_size(cell)) for token in tokens)


def label_keys(ax: Axes, tokens: Sequence[str], cell: float, smallest: float = SMALLEST) -> None:
    """Write tokens below an axis whose columns are `cell` inches wide, turned where they are wider.

    Parameters
    ----------
    smallest
        Size in points: tokens are left out rather than written smaller.
    """
    places, size = _places(tokens, cell, smallest)
    slanted = cell >= 0.3
    ax.set_xticks(
        places,
        [shortened(tokens[place]) for place in places],
        fontsize=size,
        rotation=45 if slanted else 90,
        ha="right" if slanted else "center",
        va="center_baseline" if slanted else "top",
        rotation_mode="anchor" if slanted else "default",
        **PLAIN,
    )
    for label in ax.get_xticklabels():
        if _width(label.get_text(), size) <= cell:
            label.set(rotation=0, ha="center", va="top", rotation_mode="default")


def label_queries(ax: Axes, tokens: Sequence[str], cell: float, smallest: float = SMALLEST) -> None:
    """Write tokens at the left of an axis whose rows are `cell` inches high; see `label_keys`."""
    places, size = _places(tokens, cell, smallest)
    ax.set_yticks(places, [shortened(tokens[place]) for place in places], fontsize=size, **PLAIN)


def _width(text: str, size: float) -> float:
    """Return about how wide a text is, in inches."""
    return 0.62 * len(text) * size * POINT


def _places(tokens: Sequence[str], cell: float, smallest: float) -> tuple[range, float]:
    """Return which tokens there is room for, and their size."""
    step = ceil(1.15 * smallest * POINT / cell)
    return range(0, len(tokens), step), font_size(step * cell)


def _filled(line: str, most: float) -> str:
    lines: list[str] = []
    for part in line.split(SEPARATOR):
        if lines and len(lines[-1]) + len(SEPARATOR) + len(part) <= most:
            lines[-1] += SEPARATOR + part
        else:
            lines.append(part)
    return "\n".join(lines)
