"""Values of any size in float16."""

import math

import numpy as np
from numpy.typing import NDArray

from attnwidget.frames.frame import Frame

Halves = NDArray[np.float16]

SMALLEST, LARGEST = 2.0**-6, 2.0**15
"""The sizes of a largest value that needs no unit. Float16 holds a value to 2**-25 at best, which
is 1/500,000 of the smaller bound.
"""


def as_halves(*arrays: NDArray[np.float32], bounded: bool) -> tuple[list[Halves], float]:
    """Return arrays in a common unit as float16, and the unit.

    The unit is a power of two, 1 unless the largest magnitude is so small that float16 would lose
    digits of it, or so large that it cannot hold it.

    Parameters
    ----------
    bounded
        Whether values are shares of 1, whose unit is always 1.
    """
    most = max(float(np.abs(array).max(initial=0.0)) for array in arrays)
    unit = 1.0
    if most and not bounded and not SMALLEST <= most <= LARGEST:
        unit = 2.0 ** (math.frexp(most)[1] - 15)
    return [(array / np.float32(unit)).astype(np.float16) for array in arrays], unit


def from_halves(frame: Frame, name: str) -> NDArray[np.float32]:
    """Return an array of a frame in its own units."""
    halves = np.asarray(frame.arrays[name], np.float32)
    return halves * np.float32(frame.fields["unit"])
