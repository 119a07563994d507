"""Tokens along an axis."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from math import ceil
from typing import TYPE_CHECKING, Any, Literal

from attnwidget.trace import Tokens

if TYPE_CHECKING:
    from matplotlib.axes import Axes

POINT = 1 / 72
"""A point in inches."""

RULE = 1.5 * POINT
"""Distance of the rule at written tokens from the axis, in inches."""

LARGEST, SMALLEST = 10.0, 6.0
"""Size of tokens in points."""

LONGEST = 18
"""Characters of a token that are shown, at most."""

SEPARATOR = " · "
"""Separator of the parts of a title."""

PLAIN: dict[str, Any] = {"parse_math": False, "usetex": False}
"""Text properties that keep dollar signs from starting a formula."""


def shortened(token: str) -> str:
    """Return a token that is not too long to be drawn."""
    return token if len(token) <= LONGEST else token[: LONGEST - 1] + "…"


def wrapped(title: str, width: float, size: float) -> str:
    """Return a title broken where its parts meet, so that it fits above `width` inches.

    Parameters
    ----------
    size
        Size of the font in points.
    """
    most = width / (0.56 * size * POINT)
    return "\n".join(_filled(line, most) for line in title.split("\n"))


def font_size(cell: float) -> float:
    """Return the size in points of tokens that are `cell` inches apart."""
    return min(LARGEST, max(SMALLEST, 0.8 * cell / POINT))


def room(tokens: Sequence[str], cell: float) -> float:
    """Return the length of the longest token in inches."""
    return max(_width(shortened(token), font_size(cell)) for token in tokens)


def label_keys(ax: Axes, tokens: Sequence[str], cell: float, smallest: float = SMALLEST) -> None:
    """Write tokens below an axis whose columns are `cell` inches wide, turned where they are wider.

    Parameters
    ----------
    smallest
        Smallest size of tokens in points; if they need less, some are left out.
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


def side_name(name: str, tokens: Tokens) -> str:
    """Return the name of an axis, with what the rule at its tokens says if there is one."""
    return f"{name}\nrule: written by the model" if tokens.num_written else name


def rule_written(ax: Axes, tokens: Tokens, axis: Literal["x", "y"]) -> None:
    """Draw a rule between an axis and those of its tokens that the model wrote."""
    from matplotlib.transforms import ScaledTranslation

    along = ax.get_xaxis_transform() if axis == "x" else ax.get_yaxis_transform()
    left, down = (0.0, -RULE) if axis == "x" else (-RULE, 0.0)
    away = along + ScaledTranslation(left, down, ax.figure.dpi_scale_trans)
    for is_written, run in groupby(range(len(tokens)), tokens.written.__getitem__):
        places = list(run)
        ends, edge = [places[0] - 0.5, places[-1] + 0.5], [0, 0]
        if is_written:
            line = (ends, edge) if axis == "x" else (edge, ends)
            ax.plot(
                *line,
                transform=away,
                color="0.35",
                linewidth=1.5,
                solid_capstyle="butt",
                clip_on=False,
                scalex=False,
                scaley=False,
            )


def _width(text: str, size: float) -> float:
    """Return the approximate width of a text in inches."""
    return 0.62 * len(text) * size * POINT


def _places(tokens: Sequence[str], cell: float, smallest: float) -> tuple[range, float]:
    """Return the places of the tokens that fit, and their size."""
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
