"""The interface of every kind of attention layer."""

from collections.abc import Iterator
from typing import Protocol

from torch import Tensor

from attnwidget.trace.indexing import Indices


class AttentionLayer(Protocol):
    """One layer of one kind of attention."""

    @property
    def num_heads(self) -> int:
        """Number of heads."""

    @property
    def num_queries(self) -> int:
        """Number of query tokens."""

    @property
    def num_keys(self) -> int:
        """Number of key tokens."""

    @property
    def causal(self) -> bool:
        """True if no query attends to a later key."""

    def weights(self, heads: Indices, queries: Indices, keys: Indices) -> Tensor:
        """Return the attention weights of a tile.

        Parameters
        ----------
        heads, queries, keys
            Indices within range, counted from the front.

        Returns
        -------
        Tensor
            (H', n_q, n_k) float32 on the CPU, not shared with the layer.
        """

    def num_allowed(self, heads: Indices, queries: Indices) -> Tensor:
        """Return the number of keys that each query may attend to, (H', n_q) int64.

        A layer of dense weights counts the keys whose weight is not zero.
        """

    def reachable(self, queries: Indices) -> Tensor:
        """Return the keys that a query may attend to in any head, (n_q, n_k) bool.

        In a layer of dense weights, or of windows, these are the keys whose weight is not zero.
        """

    def weight_gradients(
        self, gradient: Tensor, heads: Indices, queries: Indices, keys: Indices
    ) -> Tensor:
        """Return the gradient of a loss by the attention weights of a tile.

        Parameters
        ----------
        gradient
            Gradient of the layer in a `GradientSource`: (H, n_q, d_v) by the context vectors, for
            a layer with values; (H, n_q, n_k) by the weights, for a layer of dense weights.

        Returns
        -------
        Tensor
            (H', n_q, n_k) float32 on the CPU.
        """

    def tensors(self) -> Iterator[Tensor]:
        """Yield every tensor that the layer holds in memory."""
