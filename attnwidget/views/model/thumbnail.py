"""One head of the model view, small: as lines, or as cells."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

import numpy as np
from numpy.typing import NDArray

from attnwidget.picture.cells import cell_paths, cell_pixels
from attnwidget.picture.colormap import colors_of
from attnwidget.picture.palette import head_color, sign_color
from attnwidget.picture.scale import Scale
from attnwidget.picture.svg import element, group, number
from attnwidget.picture.theme import Theme
from attnwidget.shared import LIMITS
from attnwidget.views.model.ground import Ground

SIDE = 52.0
"""Side of a thumbnail, in pixels."""

INSET = 3.0

Shares = NDArray[np.float32]


@dataclass(frozen=True)
class Ink:
    """The colours of a thumbnail.

    Attributes
    ----------
    ground
        The head's own ground, or None for paper.
    signed
        Whether colours tell the signs of scores.
    """

    theme: Theme
    ground: Ground | None
    signed: bool

    def shades(self) -> tuple[str, ...]:
        """Return 256 colours for cells."""
        if self.signed:
            return colors_of("signed", self.theme)
        return colors_of("ink", self.theme) if self.ground is None else self.ground.shades()

    def of_line(self, value: float) -> str:
        """Return the colour of a line."""
        if self.signed:
            return sign_color(value, self.theme)
        return head_color(None, self.theme) if self.ground is None else self.ground.ink


def draw_cells(shares: Shares, ink: Ink) -> list[str]:
    """Return a matrix of the shares of full strength, colour by the square root."""
    return cell_paths(_steps(shares, ink), ink.shades(), _cell_size(shares))


def draw_pixels(shares: Shares, ink: Ink) -> list[str]:
    """Return what `draw_cells` returns, in far fewer bytes."""
    return cell_pixels(_steps(shares, ink), ink.shades(), _cell_size(shares))


def draw_lines(shares: Shares, ink: Ink) -> list[str]:
    """Return a head view in miniature, in which larger magnitudes make more opaque lines."""
    rows, columns = shares.shape
    inner = SIDE - 2 * INSET
    middle, right = number(SIDE / 2), number(SIDE - INSET)
    masses = np.abs(shares)
    share = LIMITS["model_view"]["weakest_line"]
    weakest = np.maximum(1e-6, share * masses.max(-1, keepdims=True))
    lines: dict[str, list[str]] = {}
    for row, column in np.argwhere(masses >= weakest):
        start = number(INSET + inner * (row + 0.5) / rows)
        end = number(INSET + inner * (column + 0.5) / columns)
        opacity = float(masses[row, column]) ** 0.7
        curve = f"M{number(INSET)} {start}C{middle} {start} {middle} {end} {right} {end}"
        line = element("path", d=curve, stroke_opacity=opacity)
        lines.setdefault(ink.of_line(shares[row, column]), []).append(line)
    width = min(1.6, max(0.3, 0.5 * inner / rows))
    drawn = [
        group(children, fill="none", stroke=color, stroke_width=width)
        for color, children in lines.items()
    ]
    if ink.ground is None:
        return drawn
    return [element("rect", width=SIDE, height=SIDE, fill=ink.ground.color), *drawn]


def _steps(shares: Shares, ink: Ink) -> NDArray[np.int64]:
    low = -1.0 if ink.signed else 0.0
    return Scale(low, 1.0, is_signed=ink.signed, is_linear=False).steps(shares)


def _cell_size(shares: Shares) -> tuple[float, float]:
    rows, columns = shares.shape
    return SIDE / columns, SIDE / rows


Draw: TypeAlias = Callable[[Shares, Ink], list[str]]

STYLES: dict[str, Draw] = {"lines": draw_lines, "matrix": draw_cells, "pixels": draw_pixels}
"""The ways to draw a thumbnail, by the name of the style."""
