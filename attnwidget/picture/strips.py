"""Vectors as strips of cells, drawn as in js/views/neuron/."""

import math

import numpy as np
from numpy.typing import NDArray

from attnwidget.picture.cells import cell_paths
from attnwidget.picture.colormap import colors_of
from attnwidget.picture.scale import Scale
from attnwidget.picture.svg import group
from attnwidget.picture.theme import Theme
from attnwidget.shared import LIMITS

ROW, STRIP = 20.0, 14.0
"""Heights of a row and of the strip in it, in pixels."""

Floats = NDArray[np.float32]


def limit_of(values: Floats) -> float:
    """Return the magnitude that 95 % of the values do not exceed, rounded up as on the screen."""
    magnitudes = np.sort(np.abs(values, dtype=np.float32), axis=None)
    at = magnitudes[math.ceil(LIMITS["neuron_view"]["percentile"] * magnitudes.size) - 1 :][:1]
    above = ((at.view(np.uint32) >> 16) + 1) << 16
    return max(float(above.view(np.float32)[0]), 1e-12)


def draw_strips(
    vectors: Floats, limit: float, width: float, allowed: NDArray[np.bool_], theme: Theme
) -> list[str]:
    """Return one strip for each of some vectors, in rows from (0, 0).

    Parameters
    ----------
    vectors
        (rows, d).
    limit
        Smallest magnitude with the full colour.
    allowed
        (rows,); other rows are pale.
    """
    steps = Scale(-limit, limit, is_signed=True, is_linear=True).steps(vectors)
    cell = (width / vectors.shape[1], STRIP)
    colors = colors_of("signed", theme)
    forbidden = np.broadcast_to(~allowed[:, None], vectors.shape)
    drawn = cell_paths(steps, colors, cell, forbidden, pitch=ROW)
    pale = cell_paths(steps, colors, cell, ~forbidden, pitch=ROW)
    return [*drawn, group(pale, opacity=LIMITS["neuron_view"]["masked_opacity"])] if pale else drawn
