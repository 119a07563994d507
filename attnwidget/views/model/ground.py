"""The coloured ground of thumbnails of heads with an importance: js/views/model/importance.ts."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from attnwidget.picture.colormap import STEPS, colors_of, is_light
from attnwidget.picture.theme import Theme
from attnwidget.shared import LIMITS


class Ground(NamedTuple):
    """Colours of a head's ground and of the readable ink on it, both as ``#rrggbb``."""

    color: str
    ink: str

    def shades(self) -> tuple[str, ...]:
        """Return 256 colours from the ground towards the ink."""
        ground, ink = (np.frombuffer(bytes.fromhex(each[1:]), np.uint8) for each in self)
        cover = LIMITS["model_view"]["ink_on_ground"] * np.linspace(0, 1, STEPS)[:, None]
        mixed = np.rint((1 - cover) * ground + cover * ink).astype(np.uint8)
        return tuple("#" + bytes(each).hex() for each in mixed)


def largest_importance(values: Sequence[Sequence[float]]) -> float:
    """Return the importance of the strongest colour; it is positive."""
    return max(0.0, *(value for row in values for value in row)) or 1.0


def grounds_of(values: Sequence[Sequence[float]], theme: Theme) -> list[list[Ground]]:
    """Return each head's ground; values below 0 have the ground of 0."""
    colors = colors_of("ink", theme)
    largest = largest_importance(values)
    return [[_ground(colors, max(0.0, value) / largest) for value in row] for row in values]


def largest_effect(values: Sequence[Sequence[float]]) -> float:
    """Return the magnitude of the strongest colour; it is positive."""
    return max(abs(value) for row in values for value in row) or 1.0


def signed_grounds(values: Sequence[Sequence[float]], theme: Theme) -> list[list[Ground]]:
    """Return each head's ground, from the most negative by way of paper to the most positive."""
    colors = colors_of("signed", theme)
    largest = largest_effect(values)
    return [[_ground(colors, (value / largest + 1) / 2) for value in row] for row in values]


def _ground(colors: tuple[str, ...], share: float) -> Ground:
    color = colors[round(share * (STEPS - 1))]
    return Ground(color, "#000000" if is_light(color) else "#ffffff")
