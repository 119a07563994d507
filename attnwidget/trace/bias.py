"""Position biases that depend only on the distance of two tokens."""

from dataclasses import dataclass
from typing import TypeAlias

import torch
from torch import Tensor

from attnwidget.trace.indexing import Indices, positions, tile


@dataclass(frozen=True, eq=False)
class RelativeBias:
    """A bias that depends on key minus query only.

    Parameters
    ----------
    values
        (H, n_q + n_k - 1), or (1, n_q + n_k - 1) for one bias for all heads: entry ``o`` belongs to
        ``key - query == o - (n_q - 1)``.
    num_queries
        Number of query tokens, n_q.
    """

    values: Tensor
    num_queries: int

    @property
    def num_keys(self) -> int:
        """Number of key tokens."""
        return self.values.shape[1] - self.num_queries + 1

    def tile(self, heads: Indices, queries: Indices, keys: Indices) -> Tensor:
        """Return the bias of a tile, (H' or 1, n_q, n_k) in the dtype it is stored in."""
        rows = positions(queries, self.num_queries)
        columns = positions(keys, self.num_keys)
        offsets = columns[None, :] - rows[:, None] + self.num_queries - 1
        values = self.values if self.values.shape[0] == 1 else self.values[heads]
        return values[:, offsets]


Bias: TypeAlias = Tensor | RelativeBias


def bias_tile(bias: Bias, heads: Indices, queries: Indices, keys: Indices) -> Tensor:
    """Return the bias of a tile, broadcastable to (H', n_q, n_k)."""
    if isinstance(bias, RelativeBias):
        return bias.tile(heads, queries, keys)
    return tile(bias, heads, queries, keys)


def compress_bias(bias: Tensor) -> Bias | None:
    """Return the smallest exact form of a position bias.

    Parameters
    ----------
    bias
        (H or 1, n_q or 1, n_k or 1).

    Returns
    -------
    Tensor or RelativeBias or None
        None for a bias of zeros, a RelativeBias (linear in the number of tokens) if every
        diagonal is constant, else `bias` itself.
    """
    if not bias.any():
        return None
    _, num_queries, num_keys = bias.shape
    if num_queries == 1 or num_keys == 1:
        return bias
    if not all(torch.equal(head[1:, 1:], head[:-1, :-1]) for head in bias):
        return bias
    values = torch.cat([bias[:, :, 0].flip(1), bias[:, 0, 1:]], dim=1)
    return RelativeBias(values.detach().cpu(), num_queries)
