"""Colours of magnitudes and of signed values, computed as in js/draw/colormap.ts.

The tables interpolate in OKLab (Ottosson 2020), so that equal steps of the value are equal steps to
the eye. Both languages read the anchors from `attnwidget.shared`.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from attnwidget.picture.theme import Theme
from attnwidget.shared import COLORS

STEPS = 256

TO_LMS = np.array(
    [
        [1.0, 0.3963377774, 0.2158037573],
        [1.0, -0.1055613458, -0.0638541728],
        [1.0, -0.0894841775, -1.291485548],
    ]
)
TO_RGB = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.707614701],
    ]
)


@cache
def colors_of(name: str, theme: Theme) -> tuple[str, ...]:
    """Return 256 colours.

    Parameters
    ----------
    name
        ``"viridis"``, ``"blues"`` or ``"ink"`` for magnitudes, ``"signed"`` with zero in the
        middle.
    """
    if name == "viridis":
        rgb = _between(
            np.array([list(bytes.fromhex(each[1:])) for each in COLORS["viridis"]], float)
        )
    else:
        lightness, chroma, hue = np.array(COLORS["colormaps"][name][theme.name]).T
        angle = np.radians(hue)
        lab = np.stack([lightness, chroma * np.cos(angle), chroma * np.sin(angle)], axis=1)
        linear = ((_between(lab) @ TO_LMS.T) ** 3 @ TO_RGB.T).clip(0, 1)
        rgb = 255 * np.where(
            linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055
        )
    return tuple("#" + bytes(each).hex() for each in np.rint(rgb).astype(np.uint8))


def is_light(color: str) -> bool:
    """Return whether dark ink is read on a colour better than white."""
    red, green, blue = bytes.fromhex(color[1:])
    return 0.299 * red + 0.587 * green + 0.114 * blue > 135


def _between(anchors: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return 256 values interpolated between anchors at even distances."""
    at = np.linspace(0, 1, STEPS)
    known = np.linspace(0, 1, len(anchors))
    return np.stack([np.interp(at, known, channel) for channel in anchors.T], axis=1)
