"""Frames of the scores of every head of a layer, in few bytes."""

import numpy as np
from numpy.typing import NDArray

from attnwidget.frames import Frame, Workspace
from attnwidget.frames.score_rows import rows_of
from attnwidget.methods.progress import Progress
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.shared import LIMITS

LEVELS = LIMITS["file_scores"]["levels"]
"""The largest code, which stands for the largest value: 12 bits."""

FLOOR = LIMITS["file_scores"]["floor"]
"""The share of the largest value above which every value is accurate to 1/590 of itself. Codes are
even steps of the inverse hyperbolic sine of a value over this share. So a row stays accurate after
its largest entries, such as the first token, are hidden.
"""

FINE = LIMITS["file_scores"]["fine"]
"""Number of fine steps in each step of the coarse byte, which deflates well."""


def scores_frame(workspace: Workspace, scores: ScoresOf, progress: Progress = None) -> Frame:
    """Make the frame of all rows of these scores.

    Its arrays are ``coarse`` and ``fine`` (H', n_q, n_k) uint8. With the header's ``low`` and
    ``high``, a score is ``low + (high - low) * 2e-6 * sinh(asinh(5e5) * code / 4095)`` with
    ``code = 16 * coarse + fine``. ``low`` is 0 unless there are negative scores; zeros stay zero.
    """
    values = rows_of(workspace, scores, progress)(slice(None)).numpy()
    low, high = min(0.0, float(values.min())), float(values.max())
    codes = quantized(values, low, high)
    return Frame(
        "scores",
        {"kind": "scores", **scores.to_json()},
        {"coarse": (codes // FINE).astype(np.uint8), "fine": (codes % FINE).astype(np.uint8)},
        {"low": low, "high": high},
    )


def quantized(values: NDArray[np.float32], low: float, high: float) -> NDArray[np.uint16]:
    """Return the codes nearest to the values, 0 for `low`."""
    if high <= low:
        return np.zeros(values.shape, np.uint16)
    shares = ((values - low) / (high - low)).clip(0.0, 1.0)
    heights = np.arcsinh(shares / FLOOR) / np.arcsinh(1 / FLOOR)
    codes: NDArray[np.uint16] = np.rint(LEVELS * heights).astype(np.uint16)
    return codes
