"""The scale from values to colours."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, get_args

import numpy as np
from numpy.typing import NDArray

from attnwidget.plot.panel import Panel
from attnwidget.plot.style import FigureStyle, Range

if TYPE_CHECKING:
    from matplotlib.colors import Colormap

RANGES: tuple[Range, ...] = get_args(Range)

SIGNED = ("#8a3a00", "#d1721a", "#f3bd86", "#f7f7f7", "#98c6ea", "#2f7fbd", "#07427a")
"""Orange for negative values, white for 0, blue for positive ones: safe for colour-blind readers
and evenly spaced in lightness."""


@dataclass(frozen=True)
class Scale:
    """A colour map and its ends.

    Attributes
    ----------
    cmap
        The map.
    low, high
        Values at its ends.
    label
        Text beside the colour bar.
    """

    cmap: Colormap
    low: float
    high: float
    label: str

    def is_dark(self, value: float) -> bool:
        """Return whether text on the colour of a value must be light."""
        red, green, blue, _ = self.cmap((value - self.low) / (self.high - self.low))
        return bool(0.299 * red + 0.587 * green + 0.114 * blue < 0.5)


def scale_of(
    panels: Sequence[Panel],
    style: FigureStyle,
    quantity: str = "attention",
    *,
    signed: bool = False,
) -> Scale:
    """Return one scale for all panels; around 0 if `signed` or if there are negative values.

    Raises
    ------
    ValueError
        The style names an unknown scale.
    """
    span, cmap = style.get("scale", "fitted"), style.get("cmap")
    if span not in RANGES:
        raise ValueError(f"scale must be one of {', '.join(RANGES)}, but {span!r} was given.")
    values = [panel.values for panel in panels]
    if signed or min(float(each.min()) for each in values) < 0:
        return _around_zero(values, span, cmap, quantity)
    from matplotlib import colormaps

    high = 1.0 if span == "unit" else max(float(each.max()) for each in values) or 1.0
    said = "scale 0 to 1" if span == "unit" else f"scale fitted, 0 to {high:.3g}"
    return Scale(colormaps[cmap or "viridis"], 0.0, high, f"{quantity}\n{said}")


def diverging() -> Colormap:
    """Return the map of values of either sign."""
    from matplotlib.colors import LinearSegmentedColormap

    return LinearSegmentedColormap.from_list("orange to blue", SIGNED)


def _around_zero(
    values: Sequence[NDArray[np.float64]], span: Range, cmap: str | None, quantity: str
) -> Scale:
    """Return a scale that goes as far below 0 as above."""
    from matplotlib import colormaps

    high = 1.0 if span == "unit" else max(float(np.abs(each).max()) for each in values) or 1.0
    said = "scale −1 to 1" if span == "unit" else f"scale fitted, ±{high:.3g}"
    signed = diverging()
    return Scale(signed if cmap is None else colormaps[cmap], -high, high, f"{quantity}\n{said}")
