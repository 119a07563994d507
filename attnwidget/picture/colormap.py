"""Colours of magnitudes and of signed values, the same as on the screen (js/draw/colormap.ts).

Interpolated in OKLab (Ottosson 2020), so that equal steps of the value are equal steps to the eye.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray

from attnwidget.picture.theme import Theme

STEPS = 256

LCH = {
    ("ink", "light"): (
        *((0.985, 0.006, 240), (0.82, 0.075, 210), (0.645, 0.115, 240)),
        *((0.46, 0.15, 270), (0.28, 0.11, 285)),
    ),
    ("ink", "dark"): (
        *((0.225, 0.012, 265), (0.4, 0.11, 275), (0.585, 0.125, 245)),
        *((0.765, 0.105, 205), (0.95, 0.06, 150)),
    ),
    ("signed", "light"): (
        *((0.6, 0.165, 50), (0.8, 0.105, 62), (0.975, 0.004, 250)),
        *((0.76, 0.1, 248), (0.52, 0.16, 254)),
    ),
    ("signed", "dark"): (
        *((0.78, 0.145, 58), (0.52, 0.105, 52), (0.255, 0.008, 260)),
        *((0.5, 0.115, 252), (0.77, 0.13, 246)),
    ),
    ("blues", "light"): (
        *((1.0, 0.0, 250), (0.87, 0.055, 250), (0.71, 0.12, 250)),
        *((0.53, 0.155, 255), (0.33, 0.125, 262)),
    ),
    ("blues", "dark"): (
        *((0.2, 0.015, 262), (0.37, 0.09, 260), (0.55, 0.145, 256)),
        *((0.74, 0.115, 248), (0.95, 0.03, 240)),
    ),
}
"""Lightness, chroma and hue at even distances."""

VIRIDIS = bytes.fromhex(
    "440154470d6048186a482374472d7b453781424086"
    "3e49893b528b375b8d33638d2f6b8e2c728e297a8e26828e23898e21918c1f978b1f9f88"
    "21a68527ad8131b57b3dbc744cc26c5cc8636ece5881d34d95d840aadc32c0df25d5e21aeae51afde725"
)
"""Every eighth colour of viridis (Smith, van der Walt and Firing 2015, CC0)."""

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
        anchors = np.frombuffer(VIRIDIS, np.uint8).reshape(-1, 3).astype(float)
        rgb = _between(anchors)
    else:
        lightness, chroma, hue = np.array(LCH[name, theme.name]).T
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
