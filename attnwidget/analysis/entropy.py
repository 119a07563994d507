"""Entropy of the rows of a matrix of scores."""

import torch
from torch import Tensor


def shares(weights: Tensor) -> Tensor:
    """Return rows divided by their sum; a row without mass becomes NaN.

    Parameters
    ----------
    weights
        (..., n_k), none of them negative.
    """
    return weights / weights.sum(-1, keepdim=True)


def row_entropy(rows: Tensor) -> Tensor:
    """Return the entropy of each row in nats, ``-sum p ln p`` with ``0 ln 0 = 0``.

    Parameters
    ----------
    rows
        (..., n_k), each summing to 1; NaN where a row is NaN.
    """
    terms: Tensor = torch.special.entr(rows)
    return terms.sum(-1)


def over_maximum(entropy: Tensor, allowed: Tensor) -> Tensor:
    """Return entropies divided by their maximum, ``ln(allowed)``.

    Parameters
    ----------
    entropy
        (...), in nats.
    allowed
        The number of keys that each row may attend to, of the same shape.

    Returns
    -------
    Tensor
        (...) in [0, 1]; NaN where only one key is allowed, because such a row has no choice.
    """
    return torch.where(allowed > 1, entropy / allowed.to(entropy.dtype).log(), torch.nan)
