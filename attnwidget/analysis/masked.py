"""A matrix of scores together with the pairs that its mask allows."""

from dataclasses import dataclass

import torch
from torch import Tensor

from attnwidget.analysis.entropy import shares
from attnwidget.analysis.scores import as_scores
from attnwidget.trace import Array
from attnwidget.trace.masking import band


@dataclass(frozen=True)
class Masked:
    """Scores and the pairs that may be other than zero.

    Attributes
    ----------
    scores
        (n_q, n_k) float64.
    allowed
        (n_q, n_k) bool.
    """

    scores: Tensor
    allowed: Tensor

    @classmethod
    def of(
        cls,
        matrix: Array,
        *,
        causal: bool | None = None,
        allowed: Array | None = None,
        name: str = "matrix",
        signed: bool | None = None,
    ) -> "Masked":
        """Check a matrix and determine its mask.

        Parameters
        ----------
        matrix
            (n_q, n_k) scores; of at least 0 unless `signed`.
        causal
            Whether queries may attend to keys up to their own position only. None detects it: a
            square matrix of more than one token with nothing but zeros above the diagonal.
        allowed
            (n_q, n_k), nonzero where the mask allows attention, for every other mask.
        name
            What the matrix is called in errors.
        signed
            As in `as_scores`.

        Raises
        ------
        ValueError
            The matrix is not as described, `causal` and `allowed` are both given, or there are
            scores where the mask allows none.
        """
        scores = as_scores(matrix, name, signed=signed)
        if allowed is None:
            mask = _causal(scores, causal)
        elif causal is None:
            mask = torch.as_tensor(allowed) != 0
        else:
            raise ValueError("Pass either causal or allowed, not both: each says what is masked.")
        if mask.shape != scores.shape:
            raise ValueError(
                f"allowed must have the shape of {name}, {tuple(scores.shape)}, but its shape is "
                f"{tuple(mask.shape)}."
            )
        forbidden = (scores != 0) & ~mask
        if forbidden.any():
            query, key = forbidden.nonzero()[0].tolist()
            raise ValueError(
                f"The mask forbids query {query} to attend to key {key}, but {name} is "
                f"{scores[query, key].item():g} there. Pass causal=False, or the mask that was "
                "used as allowed."
            )
        return cls(scores, mask)

    def magnitudes(self) -> "Masked":
        """Return the magnitudes of the scores under the same mask."""
        return Masked(self.scores.abs(), self.allowed)

    @property
    def square(self) -> bool:
        """True if there are as many keys as queries, so that positions can be compared."""
        return self.scores.shape[0] == self.scores.shape[1]

    def rows(self) -> Tensor:
        """Return the rows divided by their sum, (n_q, n_k); a row of zeros becomes NaN."""
        return shares(self.scores)

    def num_allowed(self) -> Tensor:
        """Return the number of keys that each query may attend to, (n_q,) int64."""
        return self.allowed.sum(-1)

    def distances(self) -> Tensor:
        """Return ``|i - j|`` for every query i and key j, (n_q, n_k)."""
        queries, keys = self.scores.shape
        return (torch.arange(queries)[:, None] - torch.arange(keys)).abs()


def _causal(scores: Tensor, causal: bool | None) -> Tensor:
    queries, keys = scores.shape
    if causal is None:
        causal = queries == keys and keys > 1 and not scores.triu(1).any()
    if causal and queries != keys:
        raise ValueError(
            f"Only a square matrix can be causal, but there are {queries} queries and {keys} keys. "
            "Pass what the mask allows as allowed."
        )
    mask = band(torch.arange(queries), torch.arange(keys), causal=causal, window=None)
    return torch.ones_like(scores, dtype=torch.bool) if mask is None else mask
