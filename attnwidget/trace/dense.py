"""A layer that holds dense attention weights."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import torch
from torch import Tensor

from attnwidget.trace.indexing import Indices
from attnwidget.trace.once import Once


@dataclass(frozen=True, eq=False, repr=False)
class DenseLayer:
    """Attention weights as a model returned them.

    Parameters
    ----------
    matrices
        (H, n_q, n_k) attention weights of any floating dtype.
    """

    matrices: Tensor
    _causal: Once[bool] = field(default_factory=Once, init=False)

    def __post_init__(self) -> None:
        if self.matrices.ndim != 3:
            raise ValueError(
                f"matrices must be (heads, queries, keys), but its shape is "
                f"{tuple(self.matrices.shape)}."
            )
        object.__setattr__(self, "matrices", self.matrices.detach().cpu())

    @property
    def num_heads(self) -> int:
        """Number of heads."""
        return self.matrices.shape[0]

    @property
    def num_queries(self) -> int:
        """Number of query tokens."""
        return self.matrices.shape[1]

    @property
    def num_keys(self) -> int:
        """Number of key tokens."""
        return self.matrices.shape[2]

    @property
    def causal(self) -> bool:
        """True if every weight on a later key is exactly zero."""
        return self._causal.get(lambda: not any(bool(head.triu(1).any()) for head in self.matrices))

    def weights(self, heads: Indices, queries: Indices, keys: Indices) -> Tensor:
        """Return a tile of the weights, (H', n_q, n_k) float32."""
        return self.matrices[heads][:, queries][:, :, keys].to(torch.float32, copy=True)

    def num_allowed(self, heads: Indices, queries: Indices) -> Tensor:
        """Return the number of keys with non-zero weight for each query, (H', n_q) int64."""
        return self.matrices[heads][:, queries].count_nonzero(-1)

    def reachable(self, queries: Indices) -> Tensor:
        """Return the keys with non-zero weight in any head, (n_q, n_k) bool."""
        found = torch.zeros_like(self.matrices[0][queries], dtype=torch.bool, device="cpu")
        for head in self.matrices:
            found |= head[queries] != 0
        return found

    def weight_gradients(
        self, gradient: Tensor, heads: Indices, queries: Indices, keys: Indices
    ) -> Tensor:
        """Return a tile of the gradient by the weights (H, n_q, n_k), float32."""
        return gradient[heads][:, queries][:, :, keys].to(torch.float32, copy=True)

    def tensors(self) -> Iterator[Tensor]:
        """Yield every tensor that the layer holds in memory."""
        yield self.matrices

    def __repr__(self) -> str:
        return f"DenseLayer({self.num_heads} heads, {self.num_queries} x {self.num_keys})"
