"""A softmax over keys with the normalisation computed separately."""

from collections.abc import Iterator
from typing import NamedTuple

import torch
from torch import Tensor

BLOCK_ELEMENTS = 1 << 20
"""Most logits in memory at a time: 4 MB in float32."""


class Normaliser(NamedTuple):
    """The log-sum-exp of every row, in the two parts that keep it accurate.

    Attributes
    ----------
    top
        (H, n_q) float32, the largest logit; 0 if every key is forbidden.
    total
        (H, n_q) float32, ``sum exp(logit - top)``; 1 if every key is forbidden.
    """

    top: Tensor
    total: Tensor

    @classmethod
    def of(cls, logits: Tensor, sinks: Tensor | None) -> "Normaliser":
        """Normalise logits (H, n_q, n_k), with sinks (H, n_q or 1) as one more logit a row."""
        top = _top(logits, sinks)
        return cls(top, _total((logits - top[..., None]).exp_(), top, sinks))

    def weights(self, logits: Tensor) -> Tensor:
        """Return the softmax of logits (H, n_q, any number of keys), overwriting them."""
        return logits.sub_(self.top[..., None]).exp_().div_(self.total[..., None])


def softmax(logits: Tensor, sinks: Tensor | None) -> Tensor:
    """Return the softmax of whole rows, with sinks as in `Normaliser.of`, overwriting the logits.

    It is that of the row's `Normaliser`, with each exponential taken once.
    """
    top = _top(logits, sinks)
    exponentials = logits.sub_(top[..., None]).exp_()
    return exponentials.div_(_total(exponentials, top, sinks)[..., None])


def _top(logits: Tensor, sinks: Tensor | None) -> Tensor:
    top = logits.amax(-1)
    if sinks is not None:
        top = torch.maximum(top, sinks)
    return top.masked_fill(top == -torch.inf, 0.0)


def _total(exponentials: Tensor, top: Tensor, sinks: Tensor | None) -> Tensor:
    total = exponentials.sum(-1)
    if sinks is not None:
        total += (sinks - top).exp()
    return total.masked_fill(total == 0, 1.0)


def blocks(rows: Tensor, elements_per_row: int) -> Iterator[tuple[slice, list[int]]]:
    """Yield slices of `rows`, each with its rows, of at most BLOCK_ELEMENTS elements."""
    size = max(1, BLOCK_ELEMENTS // max(1, elements_per_row))
    for start in range(0, len(rows), size):
        block = rows[start : start + size].tolist()
        yield slice(start, start + len(block)), block
