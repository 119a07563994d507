"""A layer that keeps queries and keys of windows and computes its attention weights on demand."""

from collections.abc import Iterable
from dataclasses import dataclass

import torch
from torch import Tensor

from attnwidget.trace.indexing import Indices, positions
from attnwidget.trace.layer import AttentionLayer
from attnwidget.trace.projected import ProjectedLayer
from attnwidget.trace.scaled import Vectors
from attnwidget.trace.scores import AttentionScores
from attnwidget.trace.tiled import TiledLayer
from attnwidget.trace.tiles import NOWHERE, Tiles


@dataclass(frozen=True, eq=False, repr=False)
class WindowedLayer(TiledLayer):
    """Queries, keys and values of windows that do not overlap, as a layer of all positions.

    Parameters
    ----------
    parts
        One: tiles whose inner layer has queries and keys.
    """

    @property
    def softcap(self) -> float | None:
        """Cap of the scaled scores."""
        return self._inner.softcap

    @property
    def _tiles(self) -> Tiles:
        return self.parts[0]

    @property
    def _inner(self) -> ProjectedLayer:
        inner = self._tiles.inner
        assert isinstance(inner, ProjectedLayer)
        return inner

    def attended(self) -> Tensor:
        """Return the keys that lie in a window, (n_k,) bool."""
        return self._tiles.key_slots != NOWHERE

    def num_allowed(self, heads: Indices, queries: Indices) -> Tensor:
        """Return the number of keys in its window that each query may attend to, (H', n_q)."""
        rows = positions(queries, self.num_queries)
        chosen = positions(heads, self.num_heads).tolist()
        return torch.stack([self.allowed(head).sum(-1)[rows] for head in chosen])

    def allowed(self, head: int) -> Tensor:
        """Return the pairs that lie in a window whose mask allows them, (n_q, n_k) bool."""
        tiles = self._tiles
        allowed = torch.zeros(self.num_queries + 1, self.num_keys + 1, dtype=torch.bool)
        for window, inner in enumerate(tiles.heads[:, head].tolist()):
            # The last row and column are those of padding.
            rows, columns = tiles.rows[window], tiles.columns[window]
            allowed[rows[:, None], columns] = self._inner.allowed(inner)
        return allowed[:-1, :-1]

    def weight_gradients(
        self, gradient: Tensor, heads: Indices, queries: Indices, keys: Indices
    ) -> Tensor:
        """Return the gradient by the weights of a tile, (H', n_q, n_k) float32.

        It is that of a `ProjectedLayer`, ``g_i · v_j``, for keys of other windows too.

        Parameters
        ----------
        gradient
            (H, n_q, d_v), g of every query.
        """
        values = self.value_vectors()[heads][:, keys]
        return gradient[heads][:, queries].float() @ values.mT

    def scores(self, head: int, query: int) -> AttentionScores:
        """Return the steps from one query of one head to its attention weights."""
        tiles = self._tiles
        slot = int(tiles.query_slots[query])
        window, place = divmod(slot, tiles.rows.shape[1])
        inner = self._inner.scores(int(tiles.heads[window, head]), place)
        columns = tiles.columns[window]
        keys = self.key_vectors()[head]

        def whole(part: Tensor) -> Tensor:
            placed = torch.zeros(self.num_keys + 1, dtype=part.dtype, device="cpu")
            placed[columns] = part
            return placed[:-1]

        scaled = (keys @ inner.query).mul_(inner.scale)
        cap = inner.softcap
        return AttentionScores(
            query=inner.query,
            keys=keys,
            scale=inner.scale,
            scaled=scaled,
            capped=None if cap is None else (scaled / cap).tanh_().mul_(cap),
            softcap=cap,
            bias=None if inner.bias is None else whole(inner.bias),
            allowed=whole(inner.allowed),
            sink=inner.sink,
            weights=whole(inner.weights),
        )

    def query_vectors(self) -> Tensor:
        """Return the query vectors, (H, n_q, d) float32."""
        return self._by_position(self._inner.query, self._tiles.query_slots)

    def key_vectors(self) -> Tensor:
        """Return the key vectors, repeated for every query head: (H, n_k, d) float32."""
        return self._by_position(self._inner.key, self._tiles.key_slots)

    def value_vectors(self) -> Tensor:
        """Return the value vectors, repeated for every query head: (H, n_k, d_v) float32."""
        return self._by_position(self._inner.value, self._tiles.key_slots)

    def by_query(self, contexts: Tensor) -> Tensor:
        """Return vectors of the query slots of all tiles, (T, s_q, d), by position: (H, n_q, d)."""
        return self._by_position(contexts, self._tiles.query_slots)

    def _by_position(self, vectors: Vectors, slots: Tensor) -> Tensor:
        """Return the vectors (H, n, d) of slots (n,), of those of tiles or of groups of tiles."""
        size = vectors.shape[1]
        group = self._inner.num_heads // len(vectors)
        tiles = self._tiles.heads[slots // size].T // group
        found = vectors[tiles, slots % size].float()
        return found.masked_fill_((slots == NOWHERE)[:, None], 0.0)


PROJECTED = (ProjectedLayer, WindowedLayer)
"""The kinds of layers that have queries, keys and values."""


def value_size(layer: ProjectedLayer | WindowedLayer) -> int:
    """Return the length of a value vector, d_v; 0 if there are none."""
    inner = layer.parts[0].inner if isinstance(layer, WindowedLayer) else layer
    assert isinstance(inner, ProjectedLayer)
    return inner.value.shape[2]


def no_values(stream: str) -> str:
    """Return in words that a stream has no values, and what to do."""
    return (
        f"The stream {stream!r} was made without values. Pass them too: "
        "Trace.from_projections(queries, keys, values=…)."
    )


def values_of(layer: ProjectedLayer | WindowedLayer, stream: str) -> Tensor:
    """Return the value vectors of a layer of a stream, repeated for every query head.

    Raises
    ------
    ValueError
        The stream was made without values.
    """
    if not value_size(layer):
        raise ValueError(no_values(stream))
    return layer.value_vectors()


def have_values(layers: Iterable[AttentionLayer]) -> bool:
    """Return whether all layers have value vectors."""
    return all(isinstance(each, PROJECTED) and value_size(each) > 0 for each in layers)


def as_projected(layer: AttentionLayer, stream: str) -> ProjectedLayer:
    """Return a layer of a stream that holds queries, keys and values.

    Raises
    ------
    ValueError
        The layer holds attention weights only, or attends within windows.
    """
    if isinstance(layer, ProjectedLayer):
        return layer
    if isinstance(layer, WindowedLayer):
        raise ValueError(
            f"The stream {stream!r} attends within windows, and what its heads write is not known. "
            "Attention, rollout, gradients and the methods of gradients work on it."
        )
    raise ValueError(
        f"The stream {stream!r} holds attention weights without the queries, keys and values they "
        "came from: it was made from arrays, or of a model whose attention cannot be intercepted. "
        "Use attnwidget.capture on a model whose attention runs through transformers' attention "
        "interface or scaled_dot_product_attention."
    )
