"""Weights that a model computes itself, as observers receive them."""

from collections.abc import Callable
from dataclasses import dataclass

from torch import Tensor


@dataclass(frozen=True, eq=False)
class FoundWeights:
    """The weights of one attention.

    Attributes
    ----------
    weights
        (B, H, n_q, n_k).
    queries, keys
        The queries and the keys that they were made of, in any layout; None if they are not known.
    result
        Their product with the values, or what was made of that, in any layout; None if it is not
        known.
    is_tiled
        True if their heads may be windows, or parts of heads, whose place is to be found.
    is_partial
        True if some rows do not sum to 1.
    """

    weights: Tensor
    queries: Tensor | None = None
    keys: Tensor | None = None
    result: Tensor | None = None
    is_tiled: bool = False
    is_partial: bool = False


@dataclass(frozen=True, eq=False)
class Product:
    """The product of weights with values.

    Attributes
    ----------
    result
        What the model goes on with, in any layout.
    values
        (B, H, n_k, d_v), the values.
    heads_first
        Turns a tensor with the layout of `result` into (B, H, n_q, d_v).
    """

    result: Tensor
    values: Tensor
    heads_first: Callable[[Tensor], Tensor]
