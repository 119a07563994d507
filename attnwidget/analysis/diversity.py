"""Differences between the heads of a layer."""

from typing import Any

import torch
from torch import Tensor

from attnwidget.analysis.entropy import row_entropy, shares
from attnwidget.analysis.scores import as_heads
from attnwidget.trace import Array


def head_diversity(attention: Array) -> dict[str, Any]:
    """Compare the heads of one layer with each other.

    Parameters
    ----------
    attention
        (H, n_q, n_k) weights of at least 0.

    Returns
    -------
    dict
        ``entropies``
            (H,) float32: mean entropy of each head's rows, in nats.
        ``similarity_matrix``
            (H, H) float32: cosine between the heads, each laid out as one long vector.
        ``avg_pairwise_similarity``
            Mean of the similarities off the diagonal; NaN for a single head.
        ``diversity_score``
            1 minus that mean: 0 if all heads are equal, 1 if no two attend to the same pair.

    Raises
    ------
    ValueError
        `attention` has another shape, or an entry that is NaN, infinite or negative.
    """
    weights = as_heads(attention, "attention")
    similarity = cosines(gram(weights))
    return {
        "entropies": row_entropy(shares(weights)).nanmean(-1).float(),
        "similarity_matrix": similarity.float(),
        **diversity_of(similarity),
    }


def gram(weights: Tensor) -> Tensor:
    """Return the products of heads (H, n_q, n_k) with each other, (H, H).

    The products of blocks of queries add up to those of the whole.
    """
    flat = weights.flatten(1)
    return flat @ flat.mT


def cosines(products: Tensor) -> Tensor:
    """Return the cosines between heads from their products (H, H); 0 for a head without mass."""
    lengths = products.diagonal().sqrt()
    unit = torch.where(lengths > 0, 1 / lengths, 0.0)
    return (products * unit[:, None] * unit).clamp(max=1.0)


def diversity_of(similarity: Tensor) -> dict[str, float]:
    """Return the mean of the cosines off the diagonal, and 1 minus it; NaN for a single head."""
    count = len(similarity)
    pairs = count * (count - 1)
    total = (similarity.sum() - similarity.trace()).item()
    mean = total / pairs if pairs else float("nan")
    return {"avg_pairwise_similarity": mean, "diversity_score": 1 - mean}
