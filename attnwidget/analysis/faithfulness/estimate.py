"""Means with confidence intervals."""

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass

import numpy as np


@dataclass(frozen=True)
class Estimate:
    """A mean over texts with its confidence interval.

    Attributes
    ----------
    value
        The mean.
    low, high
        Ends of the confidence interval; NaN if one text alone gives no interval.
    """

    value: float
    low: float
    high: float

    def __float__(self) -> float:
        return self.value

    def to_dict(self) -> dict[str, float | None]:
        """Return the three numbers by name, None for a missing end."""
        return {name: None if math.isnan(each) else each for name, each in asdict(self).items()}

    def in_words(self, digits: int = 2, *, percent: bool = False) -> str:
        """Return the mean and, in brackets, the interval: ``"1.52 [1.31, 1.73]"``."""
        scale = 100 if percent else 1
        value, low, high = (f"{scale * each:.{digits}f}" for each in asdict(self).values())
        return value if math.isnan(self.low) else f"{value} [{low}, {high}]"


def mean_of(values: Sequence[float], confidence: float) -> Estimate:
    """Return the mean of numbers with the confidence interval of Student's t."""
    found = np.asarray(values, dtype=np.float64)
    mean = float(found.mean())
    if len(found) < 2:
        return Estimate(mean, math.nan, math.nan)
    from scipy.stats import t  # takes as long to import as all else here

    wide = float(t.ppf((1 + confidence) / 2, len(found) - 1))
    half = wide * float(found.std(ddof=1)) / math.sqrt(len(found))
    return Estimate(mean, mean - half, mean + half)


def share_of(hits: Sequence[bool], confidence: float) -> Estimate:
    """Return the share of hits with Wilson's confidence interval, which never leaves 0 to 1."""
    count, share = len(hits), float(np.mean(hits))
    from scipy.stats import norm

    z = float(norm.ppf((1 + confidence) / 2))
    middle = (share + z**2 / (2 * count)) / (1 + z**2 / count)
    spread = math.sqrt(share * (1 - share) / count + z**2 / (4 * count**2))
    half = z / (1 + z**2 / count) * spread
    return Estimate(share, max(0.0, middle - half), min(1.0, middle + half))


def rank_of(ranks: Sequence[float], confidence: float) -> Estimate:
    """Return the mean of ranks with its interval, which never goes below the best rank, 1."""
    found = mean_of(ranks, confidence)
    return Estimate(found.value, max(1.0, found.low) if len(ranks) > 1 else found.low, found.high)
