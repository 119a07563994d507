"""A layer of which some queries and keys are left."""

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor

from attnwidget.trace.indexing import Indices
from attnwidget.trace.layer import AttentionLayer


@dataclass(frozen=True, eq=False)
class SelectedLayer:
    """Some queries and keys of a layer, whose weights are those of the whole layer.

    Parameters
    ----------
    layer
        The layer.
    queries, keys
        The places that are left, rising.
    """

    layer: AttentionLayer
    queries: tuple[int, ...]
    keys: tuple[int, ...]

    @property
    def num_heads(self) -> int:
        """Number of heads."""
        return self.layer.num_heads

    @property
    def num_queries(self) -> int:
        """Number of queries that are left."""
        return len(self.queries)

    @property
    def num_keys(self) -> int:
        """Number of keys that are left."""
        return len(self.keys)

    @property
    def causal(self) -> bool:
        """True if no query attends to a later key."""
        return self.layer.causal and self.queries == self.keys

    def weights(self, heads: Indices, queries: Indices, keys: Indices) -> Tensor:
        """Return the attention weights of a tile, (H', n_q, n_k) float32 on the CPU."""
        return self.layer.weights(heads, _of(self.queries, queries), _of(self.keys, keys))

    def num_allowed(self, heads: Indices, queries: Indices) -> Tensor:
        """Return the number of keys that are left with a weight, (H', n_q) int64."""
        return self.weights(heads, queries, slice(None)).count_nonzero(-1)

    def reachable(self, queries: Indices) -> Tensor:
        """Return the keys that are left and that a query may attend to, (n_q, n_k) bool."""
        return self.layer.reachable(_of(self.queries, queries))[:, list(self.keys)]

    def weight_gradients(
        self, gradient: Tensor, heads: Indices, queries: Indices, keys: Indices
    ) -> Tensor:
        """Return the gradient by the weights of a tile, (H', n_q, n_k) float32 on the CPU."""
        tile = _of(self.queries, queries), _of(self.keys, keys)
        return self.layer.weight_gradients(gradient, heads, *tile)

    def tensors(self) -> Iterator[Tensor]:
        """Yield every tensor that the layer holds in memory."""
        yield from self.layer.tensors()


def _of(places: tuple[int, ...], chosen: Indices) -> list[int]:
    return list(places[chosen]) if isinstance(chosen, slice) else [places[at] for at in chosen]
