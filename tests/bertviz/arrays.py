"""Attention weights as models return them."""

import torch
from torch import Tensor

WORDS = ["[CLS]", "the", "cat", "[SEP]", "it", "sl", "##ept", "[SEP]"]
SECOND = 4
"""Where the second text of `WORDS` begins."""


def attentions(
    layers: int = 3,
    heads: int = 4,
    queries: int = len(WORDS),
    keys: int | None = None,
    batch: int = 1,
) -> tuple[Tensor, ...]:
    """Return one array (batch, heads, queries, keys) a layer, rows that sum to 1."""
    generator = torch.Generator().manual_seed(layers * heads * queries)
    shape = (batch, heads, queries, queries if keys is None else keys)
    return tuple(torch.randn(shape, generator=generator).mul(3).softmax(-1) for _ in range(layers))
