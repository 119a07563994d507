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


SIGNED_ZERO = LEVELS + 1
"""The code of zero where there are negative scores."""


def scores_frame(workspace: Workspace, scores: ScoresOf, progress: Progress = None) -> Frame:
    """Make the frame of all rows of these scores.

    Its arrays are ``coarse`` and ``fine`` (H', n_q, n_k) uint8. With the header's ``low`` and
    ``high``, a score is ``low + (high - low) * 2e-6 * sinh(asinh(5e5) * code / 4095)`` with
    ``code = fine_steps * coarse + fine``; ``low`` is 0, ``fine_steps`` 16, and zeros stay zero.

    Where there are negative scores, ``low`` is ``-high``, ``fine_steps`` 32, and ``code - 4096`` is
    the code of the magnitude with the sign of the score: each sign is as accurate as scores without
    signs are, and zeros stay zero.
    """
    values = rows_of(workspace, scores, progress)(slice(None)).numpy()
    signed = bool(values.min() < 0)
    high = float(np.abs(values).max())
    codes = quantized(np.abs(values), high)
    fine_steps = FINE
    if signed:
        codes, fine_steps = np.where(values < 0, SIGNED_ZERO - codes, SIGNED_ZERO + codes), 2 * FINE
    coarse, fine = (each.astype(np.uint8) for each in np.divmod(codes, fine_steps))
    return Frame(
        "scores",
        {"kind": "scores", **scores.to_json()},
        {"coarse": coarse, "fine": fine},
        {"low": -high if signed else 0.0, "high": high},
    )


def quantized(magnitudes: NDArray[np.float32], high: float) -> NDArray[np.int32]:
    """Return the codes nearest to magnitudes from 0 to `high`."""
    if high == 0:
        return np.zeros(magnitudes.shape, np.int32)
    heights = np.arcsinh(magnitudes / high / FLOOR) / np.arcsinh(1 / FLOOR)
    codes: NDArray[np.int32] = np.rint(LEVELS * heights).astype(np.int32)
    return codes
