"""Statistics of one matrix of scores."""

import numpy as np
import torch
from torch import Tensor

from attnwidget.analysis.entropy import over_maximum, row_entropy
from attnwidget.analysis.masked import Masked
from attnwidget.trace import Array


def statistics(
    matrix: Array,
    *,
    window: int = 3,
    causal: bool | None = None,
    allowed: Array | None = None,
    signed: bool = False,
) -> dict[str, float]:
    r"""Describe one matrix of attention, or of other scores, in numbers.

    Pairs that the mask forbids are left out. For entropies, rows are divided by their sum, so that
    the share of an attention sink does not count, and rows of zeros are left out. Of scores with
    signs, entropies, ``effective_tokens``, ``gini`` and ``locality`` describe the magnitudes, in
    which positive and negative scores do not cancel.

    Parameters
    ----------
    matrix
        (n_q, n_k) scores of at least 0, or of either sign if `signed`; one head, or fused heads.
    window
        Largest distance that counts as near for the locality, in tokens.
    causal
        Queries attend to keys up to their own position only. None detects it: a square matrix of
        more than one token whose entries above the diagonal are all 0.
    allowed
        (n_q, n_k), nonzero where the mask allows attention, for every other mask.
    signed
        Take negative scores, such as those of `attnwidget.effects`.

    Returns
    -------
    dict
        ``mean``, ``std``, ``min``, ``max``
            Of all scores; the standard deviation is that of the population.
        ``diagonal_mean``, ``diagonal_std``
            Of the scores that tokens give to themselves; NaN if the matrix is not square.
        ``mean_entropy``
            Mean over rows of :math:`H_i = -\sum_j p_{ij} \ln p_{ij}`, in nats.
        ``max_entropy``
            Mean over the same rows of :math:`\ln m_i`, with :math:`m_i` keys allowed:
            :math:`\ln n_k` without a mask.
        ``normalized_entropy``
            Mean of :math:`H_i / \ln m_i` over the rows that may attend to more than one key; 0 if
            there is no such row.
        ``effective_tokens``
            Mean of :math:`\exp H_i`: the number of keys that a row spreads over.
        ``gini``
            Gini coefficient of all scores: 0 if they are equal, near 1 if few hold all the mass.
        ``locality``
            Share of the mass at :math:`|i - j| \le` `window`; NaN if the matrix is not square.
        ``total``, ``negative``
            Only if `signed`: the sum of all scores, with their signs, and the share of their
            magnitudes that is negative.

        Statistics that are undefined because all scores are 0 are NaN.

    Raises
    ------
    ValueError
        `matrix` is not as described, `window` is negative, `causal` and `allowed` are both given,
        or there are scores where the mask allows none.
    """
    given = Masked.of(matrix, causal=causal, allowed=allowed, signed=signed)
    masked = given.magnitudes() if signed else given
    scores = given.scores[given.allowed]
    if not len(scores):
        raise ValueError("allowed forbids every pair, so there is nothing to describe.")
    return {
        "mean": scores.mean().item(),
        "std": scores.std(correction=0).item(),
        "min": scores.min().item(),
        "max": scores.max().item(),
        **_diagonal(given),
        **_entropy(masked),
        "gini": gini(scores.abs()),
        "locality": near_share(masked, window) if masked.square else float("nan"),
        **(_signs(scores) if signed else {}),
    }


def _signs(scores: Tensor) -> dict[str, float]:
    mass = scores.abs().sum()
    return {
        "total": scores.sum().item(),
        "negative": (scores.clamp(max=0).abs().sum() / mass).item(),
    }


def gini(values: Tensor) -> float:
    r"""Return the Gini coefficient of (m,) values of at least 0; NaN if all are 0.

    With values sorted upwards and counted from 1, it is
    :math:`2 \sum_k k x_k / (m \sum_k x_k) - (m + 1) / m`.
    """
    ordered = np.sort(values.numpy())
    total = float(ordered.sum())
    if total == 0:
        return float("nan")
    count = len(ordered)
    ranks = np.arange(1, count + 1, dtype=np.float64)
    return max(0.0, float(2 * (ranks @ ordered) / (count * total) - (count + 1) / count))


def near_share(masked: Masked, window: int) -> float:
    """Return the share of the mass of a square matrix at most `window` tokens off the diagonal."""
    if window < 0:
        raise ValueError(f"window must be a distance of at least 0 tokens, not {window}.")
    total = masked.scores.sum().item()
    near = masked.scores[masked.distances() <= window].sum().item()
    return near / total if total else float("nan")


def _diagonal(masked: Masked) -> dict[str, float]:
    own = masked.scores.diagonal()[masked.allowed.diagonal()]
    if not masked.square or not len(own):
        return {"diagonal_mean": float("nan"), "diagonal_std": float("nan")}
    return {"diagonal_mean": own.mean().item(), "diagonal_std": own.std(correction=0).item()}


def _entropy(masked: Masked) -> dict[str, float]:
    entropy = row_entropy(masked.rows())
    counts = masked.num_allowed()
    defined = ~entropy.isnan()
    ratio = over_maximum(entropy, counts)
    nothing_to_choose = bool(defined.any()) and bool(ratio.isnan().all())
    largest = counts[defined].double().log()
    return {
        "mean_entropy": entropy.nanmean().item(),
        "max_entropy": largest.mean().item(),
        "normalized_entropy": 0.0 if nothing_to_choose else ratio.nanmean().item(),
        "effective_tokens": torch.exp(entropy).nanmean().item(),
    }
