"""Scores of every head of a layer, in few bytes."""

import numpy as np
from numpy.typing import NDArray

from attnwidget.frames import Frame, Progress, ScoresOf, Workspace
from attnwidget.frames.methods import rows_of

LEVELS = 1023
"""Steps from the smallest to the largest value, by the square root: a value is off by less than
1/1000 of that range, and small ones by far less."""

FINE = 4
"""Codes are split into a coarse byte, which deflates well, and this many steps within it."""


def scores_frame(workspace: Workspace, scores: ScoresOf, progress: Progress = None) -> Frame:
    """Make the frame of all rows of these scores.

    Its arrays are ``coarse`` and ``fine`` (H', n_q, n_k) uint8. With the header's ``low`` and
    ``high``, a score is ``low + (high - low) * ((coarse * 4 + fine) / 1023) ** 2``; zeros of scores
    that are not negative stay zero.
    """
    values = rows_of(workspace, scores, progress)(slice(None)).numpy()
    low, high = float(values.min()), float(values.max())
    codes = quantized(values, low, high)
    return Frame(
        "scores",
        {"kind": "scores", **scores.to_json()},
        {"coarse": (codes // FINE).astype(np.uint8), "fine": (codes % FINE).astype(np.uint8)},
        {"low": low, "high": high},
    )


def quantized(values: NDArray[np.float32], low: float, high: float) -> NDArray[np.uint16]:
    """Return the steps nearest to the values by the square root, 0 for `low`."""
    if high <= low:
        return np.zeros(values.shape, np.uint16)
    roots = np.sqrt(((values - low) / (high - low)).clip(0.0, 1.0))
    codes: NDArray[np.uint16] = np.rint(LEVELS * roots).astype(np.uint16)
    return codes
