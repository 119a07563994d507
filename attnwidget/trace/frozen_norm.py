"""Normalisations with the statistics of one run, which makes them linear."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from attnwidget.trace.indexing import Indices


@dataclass(frozen=True, eq=False)
class FrozenNorm:
    """A normalisation or a scaling whose statistics are those of one run.

    It turns the vector v of token i into ``scale * factors[i] * weight * (v - mean(v)) + bias``;
    what is not given is left out.

    Parameters
    ----------
    weight
        (D,), gamma of the normalisation.
    bias
        (D,), beta of the normalisation.
    factors
        (n,), one over the deviation of each token.
    scale
        A number that everything is multiplied by.
    centred
        True if the mean of the vector is subtracted, as layer normalisation does; RMSNorm does not.
    """

    weight: Tensor | None = None
    bias: Tensor | None = None
    factors: Tensor | None = None
    scale: float = 1.0
    centred: bool = False

    def transform(self, vectors: Tensor) -> Tensor:
        """Return the linear part without the factors of tokens, for vectors (..., D)."""
        if self.centred:
            vectors = vectors - vectors.mean(-1, keepdim=True)
        if self.weight is not None:
            vectors = vectors * self.weight.to(vectors)
        return vectors if self.scale == 1.0 else vectors * self.scale

    def pull_back(self, directions: Tensor) -> Tensor:
        """Return the transpose of `transform`, for directions (..., D)."""
        if self.weight is not None:
            directions = directions * self.weight.to(directions)
        if self.centred:
            directions = directions - directions.mean(-1, keepdim=True)
        return directions if self.scale == 1.0 else directions * self.scale

    def of_rows(self, rows: Indices) -> "FrozenNorm":
        """Return the normalisation of some tokens."""
        return self if self.factors is None else replace(self, factors=self.factors[rows])


def transformed(norms: Sequence[FrozenNorm], vectors: Tensor) -> Tensor:
    """Return vectors (..., D) after the linear parts of normalisations, without factors."""
    for norm in norms:
        vectors = norm.transform(vectors)
    return vectors


def pulled_back(norms: Sequence[FrozenNorm], directions: Tensor, row: int) -> Tensor:
    """Return the direction (D,) before normalisations that reads what one does after them."""
    for norm in reversed(norms):
        directions = norm.pull_back(directions)
        if norm.factors is not None:
            directions = directions * norm.factors[row].to(directions)
    return directions


def factors_of(norms: Sequence[FrozenNorm], count: int) -> Tensor:
    """Return the product of the factors of each of `count` tokens, (n,) float32."""
    product = torch.ones(count, device="cpu")
    for norm in norms:
        if norm.factors is not None:
            product *= norm.factors.float()
    return product


def normalised(norms: Sequence[FrozenNorm], vectors: Tensor) -> Tensor:
    """Return vectors (n, D) after normalisations, with their biases and factors."""
    for norm in norms:
        vectors = norm.transform(vectors)
        if norm.factors is not None:
            vectors = vectors * norm.factors[:, None].to(vectors)
        if norm.bias is not None:
            vectors = vectors + norm.bias.to(vectors)
    return vectors
