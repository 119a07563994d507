"""The largest entries of every row, in order."""

from typing import Any

import numpy as np
from numpy.typing import NDArray


def largest(rows: NDArray[np.float32], count: int) -> tuple[NDArray[Any], NDArray[np.float32]]:
    """Return places and values of the largest entries, falling; equal ones by rising place.

    Value and place are packed into one integer that sorts in this order, because numpy sorts
    integers several times faster than numpy or torch sort with indices.

    Parameters
    ----------
    rows
        (..., n) non-negative.
    count
        Number of entries of each row, from 1 to n.

    Returns
    -------
    tuple
        Places and values, each (..., count).
    """
    size = rows.shape[-1]
    packed = np.ascontiguousarray(rows).view(np.int32).astype(np.int64)
    packed <<= 32
    packed |= np.arange(size - 1, -1, -1)
    if count < size:
        packed = np.partition(packed, size - count)[..., size - count :]
    packed.sort()
    packed = packed[..., ::-1]
    places = (size - 1) - (packed & 0xFFFFFFFF)
    return places, (packed >> 32).astype(np.int32).view(np.float32)
