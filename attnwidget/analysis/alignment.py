"""Alignment of a target with its source by cross-attention."""

import torch

from attnwidget.analysis.entropy import over_maximum, row_entropy, shares
from attnwidget.analysis.scores import as_heads
from attnwidget.trace import Array
from attnwidget.trace.arrays import as_floating


def alignment(cross: Array, *, threshold: float = 0.1) -> dict[str, float]:
    """Describe how target tokens are aligned with source tokens.

    Parameters
    ----------
    cross
        (T, S) cross-attention of one head, or (H, T, S), of which the mean over heads is taken.
    threshold
        A source token is covered if some target token gives it a greater share than this.

    Returns
    -------
    dict
        ``alignment_entropy``
            Mean entropy of the rows, in nats; the lower, the sharper the alignment.
        ``sharpness``
            1 minus the mean entropy over its maximum ``ln S``: 1 if every target token attends to a
            single source token, 0 if it attends to all equally. NaN for one source token.
        ``source_coverage``
            Share of the source tokens whose largest weight exceeds `threshold`.
        ``monotonicity``
            Share of the steps from one target token to the next in which the source token with the
            largest weight (the first of equals) does not move left; NaN for one target token.

    Raises
    ------
    ValueError
        `cross` has another shape, an entry that is NaN, infinite or negative, or nothing but zeros;
        or `threshold` is outside [0, 1).
    """
    if not 0 <= threshold < 1:
        raise ValueError(f"threshold must be a share in [0, 1), but {threshold} was given.")
    given = as_floating(cross, "cross")
    weights = as_heads(given[None] if given.ndim == 2 else given, "cross").mean(0)
    rows = shares(weights[weights.sum(-1) > 0])
    if not len(rows):
        raise ValueError("cross is all zeros, so there is nothing to align.")
    entropy = row_entropy(rows)
    count = torch.full_like(entropy, rows.shape[1])
    steps = rows.argmax(-1).diff()
    return {
        "alignment_entropy": entropy.mean().item(),
        "sharpness": 1 - over_maximum(entropy, count).mean().item(),
        "source_coverage": (rows.amax(0) > threshold).double().mean().item(),
        "monotonicity": (steps >= 0).double().mean().item(),
    }
