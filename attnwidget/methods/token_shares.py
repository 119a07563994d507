"""The share of each input token in the output of one attention sublayer (ALTI)."""

from collections.abc import Callable, Iterator
from typing import Literal, TypeAlias, get_args

import torch
from torch import Tensor

from attnwidget.methods.steps import row_normalised
from attnwidget.methods.sublayers import Sublayer
from attnwidget.trace.frozen_norm import factors_of, normalised, transformed
from attnwidget.trace.indexing import Indices, positions
from attnwidget.trace.projected import ProjectedLayer
from attnwidget.trace.windowed import as_projected

Norm: TypeAlias = Literal[1, 2]
"""The norms that distances are measured by."""

NORMS: tuple[Norm, ...] = get_args(Norm)

BLOCK_ELEMENTS = 1 << 18
"""Most numbers of the parts of outputs in memory at a time: 1 MB, which stays in the cache."""

ROWS = 32
"""Most queries at a time."""

VECTORS_ELEMENTS = 1 << 24
"""Most numbers of what the heads of a layer write that are kept while it is worked on: 64 MB."""


class LastVectors:
    """What the heads of the layer that was worked on last write, shared by the layers."""

    def __init__(self) -> None:
        self._owner: object = None
        self._vectors: Tensor | None = None

    def get(self, owner: object, compute: Callable[[], Tensor]) -> Tensor:
        """Return the vectors of a layer, kept if they are those of the last one."""
        vectors = self._vectors
        if vectors is None or self._owner is not owner:
            vectors = compute()
            self._owner, self._vectors = owner, vectors
        return vectors


class TokenShares:
    """The rows of ALTI in one sublayer.

    Called with some of the sublayer's queries, it returns their shares of all nodes, (m, N)
    float32; rows sum to 1.

    Parameters
    ----------
    sublayer
        The sublayer, whose outputs are known.
    p
        1 for the Manhattan distance, 2 for the Euclidean one.
    last
        Keeps the vectors of one layer.
    """

    def __init__(self, sublayer: Sublayer, p: Norm, last: LastVectors) -> None:
        self._sublayer = sublayer
        self._last = last
        self._p = p
        self._layer: ProjectedLayer = as_projected(sublayer.attention, sublayer.stream.name)
        self._output = output = sublayer.stream.output(sublayer.layer)
        count = self._layer.num_queries
        self._after = factors_of(output.after, count)
        self._factors = output.factors(self._layer) * self._after

    def __call__(self, nodes: Indices) -> Tensor:
        """Return the shares of some queries."""
        queries = positions(nodes, self._layer.num_queries)
        shares = torch.zeros(len(queries), self._sublayer.num_nodes, device="cpu")
        for start in range(0, len(queries), ROWS):
            shares[start : start + ROWS] = self._rows(queries[start : start + ROWS].tolist())
        return row_normalised(shares)

    def _rows(self, rows: list[int]) -> Tensor:
        """Return rows before they are normalised."""
        own = transformed(self._output.after, self._output.residual[rows].float())
        own *= self._after[rows, None]
        sums = self._sums(rows)
        is_self = not self._sublayer.crosses
        num_keys = max(rows) + 1 if self._layer.causal else self._layer.num_keys
        shares = torch.zeros(len(rows), self._sublayer.num_nodes, device="cpu")
        start = self._sublayer.sources.start
        weights = self._layer.weights(slice(None), rows, slice(0, num_keys))
        weights *= self._factors[rows, None]
        for keys in self._key_blocks(num_keys, len(rows)):
            vectors = self._vectors(keys)
            close = self._closeness(weights[:, :, keys], vectors, sums, rows, keys)
            shares[:, start + keys.start : start + keys.stop] = close
        # The token's own part has its residual, beside what the heads write from it.
        if is_self:
            own += self._from_itself(rows, weights)
        nodes = [row + self._sublayer.targets.start for row in rows]
        shares[range(len(rows)), nodes] = _measure(sums, own, self._p)
        return shares

    def _closeness(
        self, weights: Tensor, vectors: Tensor, sums: Tensor, rows: list[int], keys: slice
    ) -> Tensor:
        """Return how much nearer to 0 each output is without a key, (m, n_k).

        Parameters
        ----------
        weights
            (H, m, n_k), times the factors of the queries.
        vectors
            (H, n_k, D)
        sums
            (m, D), the outputs y.
        rows, keys
            The queries and keys.
        """
        by_key = weights.permute(2, 1, 0)  # (n_k, m, H)
        if self._p == 1:
            return _measure(sums, by_key @ vectors.transpose(0, 1), 1).T
        gram = vectors.transpose(0, 1) @ vectors.permute(1, 2, 0)  # (n_k, H, H)
        squared = (by_key @ gram).mul_(by_key).sum(-1).T
        values = self._layer.value_vectors()[:, keys]
        along = (self._read_by_heads(sums) @ values.mT).mul_(weights).sum(0)
        return _euclidean(sums, along, squared)

    def _read_by_heads(self, directions: Tensor) -> Tensor:
        """Return the directions that read outputs (m, D) in the values of heads, (H, m, d_v)."""
        for norm in reversed((*self._output.norms, *self._output.after)):
            directions = norm.pull_back(directions)
        read = directions @ self._output.weight.value().float()
        return read.reshape(len(directions), self._layer.num_heads, -1).transpose(0, 1)

    def _from_itself(self, rows: list[int], weights: Tensor) -> Tensor:
        """Return what the heads write from each token to itself, (m, D)."""
        own = torch.stack([weights[:, place, row] for place, row in enumerate(rows)])
        return torch.einsum("ih,hid->id", own, self._vectors(rows))

    def _vectors(self, keys: Indices) -> Tensor:
        """Return what each head writes from keys, through what follows, (H, n_k, D)."""
        layer, output = self._layer, self._output
        if layer.num_heads * layer.num_keys * output.weight.shape[0] > VECTORS_ELEMENTS:
            return transformed(output.after, output.vectors(layer, slice(None), keys))
        everything = slice(None)
        whole = self._last.get(
            self, lambda: transformed(output.after, output.vectors(layer, everything, everything))
        )
        return whole[:, keys]

    def _sums(self, rows: list[int]) -> Tensor:
        """Return the outputs y of some queries, (m, D)."""
        output, layer = self._output, self._layer
        weights = layer.weights(slice(None), rows, slice(None))
        contexts = (weights @ layer.value_vectors()).transpose(0, 1).flatten(1)
        projected = contexts @ output.weight.value().float().T
        if output.bias is not None:
            projected += output.bias.value().float()
        norms, after = (
            [norm.of_rows(rows) for norm in each] for each in (output.norms, output.after)
        )
        return normalised(after, output.residual[rows].float() + normalised(norms, projected))

    def _key_blocks(self, num_keys: int, num_rows: int) -> Iterator[slice]:
        width = self._output.weight.shape[0]
        largest = max(num_rows if self._p == 1 else 1, self._layer.num_heads)
        size = max(1, BLOCK_ELEMENTS // (width * largest))
        for start in range(0, num_keys, size):
            yield slice(start, min(start + size, num_keys))


def _measure(sums: Tensor, parts: Tensor, p: Norm) -> Tensor:
    """Return ``max(0, ||y|| - ||y - T||)`` for outputs y (m, D) and parts T (…, m, D)."""
    if p == 2:
        along = (parts * sums).sum(-1, keepdim=True)
        squared = parts.square().sum(-1, keepdim=True)
        return _euclidean(sums, along, squared)[..., 0]
    # |y| - |y - t| = s t - 2 max(0, s t - |y|) with s = ±1, the sign of y: no small difference of
    # two large numbers.
    towards = parts.mul(torch.where(sums >= 0, 1.0, -1.0))
    total = towards.sum(-1)
    return total.sub_(towards.sub_(sums.abs()).clamp_(min=0).sum(-1), alpha=2).clamp_(min=0)


def _euclidean(sums: Tensor, along: Tensor, squared: Tensor) -> Tensor:
    """Return ``max(0, ||y|| - ||y - T||)`` of ``y·T`` and ``||T||²``, (m, n) each."""
    length = sums.square().sum(-1, keepdim=True)
    fallen = 2 * along - squared  # ||y||² - ||y - T||²
    remaining = (length - fallen).clamp_(min=0)
    return (fallen / (length.sqrt() + remaining.sqrt())).clamp_(min=0)
