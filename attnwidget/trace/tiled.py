"""A layer of dense weights that is put together from tiles."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from attnwidget.trace.indexing import Indices, positions
from attnwidget.trace.softmax import blocks
from attnwidget.trace.tiles import Tiles


@dataclass(frozen=True, eq=False, repr=False)
class TiledLayer:
    """Attention within windows, as a map of all positions that is zero elsewhere.

    It holds the tiles, not the map.

    Parameters
    ----------
    parts
        The tiles. Several are added: a part of each row from either.
    """

    parts: tuple[Tiles, ...]

    @property
    def num_heads(self) -> int:
        """Number of heads."""
        return self.parts[0].heads.shape[1]

    @property
    def num_queries(self) -> int:
        """Number of query tokens."""
        return self.parts[0].num_queries

    @property
    def num_keys(self) -> int:
        """Number of key tokens."""
        return self.parts[0].num_keys

    @property
    def causal(self) -> bool:
        """False: windows look both ways."""
        return False

    def weights(self, heads: Indices, queries: Indices, keys: Indices) -> Tensor:
        """Return a tile of the whole map, (H', n_q, n_k) float32."""
        return self._map(self.parts, heads, queries, keys, adds=True)

    def attended(self) -> Tensor:
        """Return the keys that any query attends to, (n_k,) bool."""
        return torch.stack([part.attended() for part in self.parts]).any(0)

    def num_allowed(self, heads: Indices, queries: Indices) -> Tensor:
        """Return the number of keys with non-zero weight for each query, (H', n_q) int64."""
        rows = positions(queries, self.num_queries)
        everything = slice(0, self.num_keys)
        chosen = positions(heads, self.num_heads).tolist()
        found = [
            self.weights(chosen, block, everything).count_nonzero(-1)
            for _, block in blocks(rows, len(chosen) * self.num_keys)
        ]
        return torch.cat(found, dim=1)

    def reachable(self, queries: Indices) -> Tensor:
        """Return the keys with non-zero weight in any head, (n_q, n_k) bool."""
        rows = positions(queries, self.num_queries)
        found = torch.zeros(len(rows), self.num_keys, dtype=torch.bool, device="cpu")
        everything = slice(0, self.num_keys)
        for head in range(self.num_heads):
            for part, block in blocks(rows, self.num_keys):
                found[part] |= self.weights([head], block, everything)[0] != 0
        return found

    def weight_gradients(
        self, gradient: Tensor, heads: Indices, queries: Indices, keys: Indices
    ) -> Tensor:
        """Return the gradient by the weights of a tile, (H', n_q, n_k) float32.

        Parameters
        ----------
        gradient
            (1, N), the gradients by the tiles of each part, one after the other, flat. Weights
            outside of all windows have none.
        """
        sizes = [part.num_weights for part in self.parts]
        flat = torch.split(gradient[0], sizes)
        parts = [part.of_weights(each) for part, each in zip(self.parts, flat, strict=True)]
        return self._map(parts, heads, queries, keys, adds=False)

    def tensors(self) -> Iterator[Tensor]:
        """Yield every tensor that the layer holds in memory."""
        for part in self.parts:
            yield from part.tensors()

    def __repr__(self) -> str:
        windows = " + ".join(f"{len(part.rows)}" for part in self.parts)
        size = f"{self.num_heads} heads, {self.num_queries} x {self.num_keys}"
        return f"{type(self).__name__}({size}, {windows} windows)"

    def _map(
        self,
        parts: Sequence[Tiles],
        heads: Indices,
        queries: Indices,
        keys: Indices,
        *,
        adds: bool,
    ) -> Tensor:
        chosen, rows = positions(heads, self.num_heads), positions(queries, self.num_queries)
        columns, order = torch.unique(positions(keys, self.num_keys), return_inverse=True)
        places = torch.full((self.num_keys + 1,), len(columns), device="cpu")
        places[columns] = torch.arange(len(columns), device="cpu")
        whole = torch.zeros(len(chosen), len(rows), len(columns) + 1, device="cpu")
        for part in parts:
            part.write_to(whole, chosen, rows, places, adds=adds)
        return whole[:, :, order]
