"""A layer that keeps queries and keys and computes its attention weights on demand."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import reduce

import torch
from torch import Tensor

from attnwidget.trace.bias import Bias, RelativeBias, bias_tile
from attnwidget.trace.check_projections import check_projections, with_three_axes
from attnwidget.trace.cut import Mode
from attnwidget.trace.indexing import Indices, positions, tile
from attnwidget.trace.layer_cut import LayerCut, taken
from attnwidget.trace.masking import added_by, allowed_by, band, keys_in_reach
from attnwidget.trace.once import Once
from attnwidget.trace.scaled import Vectors, held
from attnwidget.trace.scores import AttentionScores
from attnwidget.trace.softmax import Normaliser, blocks, softmax


@dataclass(frozen=True, eq=False, repr=False)
class ProjectedLayer:
    """Queries, keys and values of one layer, from which it computes exact attention weights.

    The weights are ``softmax(cap(q·k * scale) + bias + mask)``, in float32 whatever the dtype of
    the stored tensors. The layer keeps the row normaliser after its first use, and nothing of size
    n x n.

    Parameters
    ----------
    query
        (H, n_q, d), after rotary embedding.
    key
        (H_kv, n_k, d), after rotary embedding; head h reads key head ``h // (H / H_kv)``.
    value
        (H_kv, n_k, d_v).
    scale
        Factor on the dot products.
    mask
        Broadcastable to (H, n_q, n_k): boolean (True allows) or additive. See `compress_mask`.
    causal
        True forbids ``key > query``, both counted from 0.
    window
        Width of the window: only ``|query - key| < window`` is allowed, causal or not.
    bias
        Position bias, broadcastable to (H, n_q, n_k). See `compress_bias`.
    softcap
        Cap c of the scaled scores: ``c * tanh(score / c)``.
    sinks
        Logits that take part in each row's normalisation, so that rows sum to less than 1: (H,)
        learned ones, or (H, n_q) those of keys that are left out.
    cuts
        What was cut while the model ran: entries that are forbidden, or 0 after the softmax.

    Raises
    ------
    ValueError
        Shapes do not fit together.
    """

    query: Vectors
    key: Vectors
    value: Vectors
    scale: float
    mask: Tensor | None = None
    causal: bool = False
    window: int | None = None
    bias: Bias | None = None
    softcap: float | None = None
    sinks: Tensor | None = None
    cuts: tuple[LayerCut, ...] = ()
    _normaliser: Once[Normaliser] = field(default_factory=Once, init=False)

    def __post_init__(self) -> None:
        for name in ("query", "key", "value", "mask", "bias", "sinks"):
            tensor = getattr(self, name)
            if isinstance(tensor, Tensor):
                object.__setattr__(self, name, tensor.detach().cpu())
        check_projections(self.query, self.key, self.value, self.sinks)
        full = (self.num_heads, self.num_queries, self.num_keys)
        for name in ("mask", "bias"):
            tensor = getattr(self, name)
            if isinstance(tensor, Tensor):
                object.__setattr__(self, name, with_three_axes(tensor, full, name))

    @property
    def num_heads(self) -> int:
        """Number of query heads."""
        return self.query.shape[0]

    @property
    def num_queries(self) -> int:
        """Number of query tokens."""
        return self.query.shape[1]

    @property
    def num_keys(self) -> int:
        """Number of key tokens."""
        return self.key.shape[1]

    def weights(self, heads: Indices, queries: Indices, keys: Indices) -> Tensor:
        """Return the attention weights of a tile, (H', n_q, n_k) float32."""
        whole = (
            isinstance(keys, slice) and len(range(*keys.indices(self.num_keys))) == self.num_keys
        )
        # A complete row needs no stored normaliser.
        kept = self._normaliser.value if whole else self._normaliser.get(self._normalise)
        rows = positions(queries, self.num_queries)
        vectors = self._per_query_head(self.key, heads)[:, keys].float()
        weights = vectors.new_zeros(vectors.shape[0], len(rows), vectors.shape[1])
        for place, block in blocks(rows, vectors.shape[0] * vectors.shape[1]):
            near = self._in_reach(block) if whole else slice(None)
            tile_keys = near if whole else keys
            logits = self._logits(heads, block, tile_keys, vectors[:, near])
            tile_weights = (
                softmax(logits, self._sinks(heads, block))
                if kept is None
                else Normaliser(*(each[heads][:, block] for each in kept)).weights(logits)
            )
            zeroed = self._taken(heads, block, tile_keys, "zero")
            if zeroed is not None:
                tile_weights.masked_fill_(zeroed, 0.0)
            weights[:, place, near] = tile_weights
        return weights

    def num_allowed(self, heads: Indices, queries: Indices) -> Tensor:
        """Return the number of keys that the mask allows each query, (H', n_q) int64."""
        shape = (len(positions(heads, self.num_heads)), len(positions(queries, self.num_queries)))
        allowed = self._allowed(heads, queries, slice(0, self.num_keys))
        if allowed is None:
            return torch.full(shape, self.num_keys, device="cpu")
        return allowed.expand(*allowed.shape[:-1], self.num_keys).sum(-1).expand(shape)

    def reachable(self, queries: Indices) -> Tensor:
        """Return the keys that the mask of any head allows, (n_q, n_k) bool."""
        shape = (len(positions(queries, self.num_queries)), self.num_keys)
        allowed = self._allowed(slice(0, self.num_heads), queries, slice(0, self.num_keys))
        if allowed is None:
            return torch.ones(shape, dtype=torch.bool, device="cpu")
        return allowed.reshape(-1, *allowed.shape[-2:]).any(0).expand(shape)

    def allowed(self, head: int) -> Tensor:
        """Return the pairs that the mask of a head allows, (n_q, n_k) bool."""
        return self.allowed_keys([head], slice(0, self.num_queries))[0]

    def allowed_keys(self, heads: Indices, queries: Indices) -> Tensor:
        """Return the keys that the mask allows each query, (H' or 1, n_q, n_k) bool."""
        allowed = self._allowed(heads, queries, slice(0, self.num_keys))
        count = len(positions(queries, self.num_queries))
        if allowed is None:
            allowed = torch.ones((), dtype=torch.bool, device="cpu")
        return allowed.expand(len(allowed) if allowed.ndim == 3 else 1, count, self.num_keys)

    def weight_gradients(
        self, gradient: Tensor, heads: Indices, queries: Indices, keys: Indices
    ) -> Tensor:
        """Return the gradient by the weights of a tile, (H', n_q, n_k) float32.

        With g the gradient by the context ``o_i = sum_j A_ij v_j``, the gradient by ``A_ij`` is
        ``g_i · v_j``, for keys that the mask forbids too.

        Parameters
        ----------
        gradient
            (H, n_q, d_v), g of every query.
        """
        values = self._per_query_head(self.value, heads)[:, keys].float()
        return gradient[heads][:, queries].float() @ values.mT

    def scores(self, head: int, query: int) -> AttentionScores:
        """Return the steps from one query of one head to its attention weights."""
        heads, queries, keys = [head], [query], slice(0, self.num_keys)
        vectors = self._per_query_head(self.key, heads).float()
        scaled = self._scaled(heads, queries, vectors)
        bias = self._bias(heads, queries, keys)
        allowed = self._allowed(heads, queries, keys)
        sinks = self._sinks(heads, queries)
        return AttentionScores(
            query=self.query[head, query].to(torch.float32, copy=True),
            keys=vectors[0].clone(),
            scale=self.scale,
            scaled=scaled[0, 0],
            capped=None if self.softcap is None else self._capped(scaled.clone())[0, 0],
            softcap=self.softcap,
            bias=None if bias is None else bias.expand_as(scaled)[0, 0].clone(),
            allowed=torch.ones(self.num_keys, dtype=torch.bool, device="cpu")
            if allowed is None
            else allowed.expand_as(scaled)[0, 0].clone(),
            sink=None if sinks is None else float(sinks),
            weights=self.weights(heads, queries, keys)[0, 0],
        )

    def left_out(self, queries: slice, count: int) -> Tensor:
        """Return the sinks that stand for all keys but the first `count`, (H, n_q) float32."""
        heads, rest = slice(0, self.num_heads), slice(count, self.num_keys)
        vectors = self._per_query_head(self.key, heads)[:, rest].float()
        rows = positions(queries, self.num_queries)
        sums = vectors.new_empty(self.num_heads, len(rows))
        for place, block in blocks(rows, self.num_heads * vectors.shape[1]):
            sums[:, place] = self._logits(heads, block, rest, vectors).logsumexp(-1)
            sinks = self._sinks(heads, block)
            if sinks is not None:
                sums[:, place] = torch.logaddexp(sums[:, place], sinks)
        return sums

    def query_vectors(self) -> Tensor:
        """Return the query vectors, (H, n_q, d) float32."""
        return self.query.to(torch.float32, copy=True)

    def key_vectors(self) -> Tensor:
        """Return the key vectors, repeated for every query head: (H, n_k, d) float32."""
        return self._per_query_head(self.key, slice(None)).to(torch.float32, copy=True)

    def value_vectors(self) -> Tensor:
        """Return the value vectors, repeated for every query head: (H, n_k, d_v) float32."""
        return self._per_query_head(self.value, slice(None)).to(torch.float32, copy=True)

    def tensors(self) -> Iterator[Tensor]:
        """Yield every tensor that the layer holds in memory."""
        bias = self.bias.values if isinstance(self.bias, RelativeBias) else self.bias
        yield from held(self.query, self.key, self.value, self.mask, bias, self.sinks)
        yield from self._normaliser.value or ()

    def __repr__(self) -> str:
        return f"ProjectedLayer({self.num_heads} heads, {self.num_queries} x {self.num_keys})"

    def _normalise(self) -> Normaliser:
        heads = slice(0, self.num_heads)
        vectors = self._per_query_head(self.key, heads).float()
        rows = positions(slice(None), self.num_queries)
        parts = [
            Normaliser.of(
                self._logits(heads, block, near, vectors[:, near]), self._sinks(heads, block)
            )
            for _, block in blocks(rows, self.num_heads * self.num_keys)
            for near in [self._in_reach(block)]
        ]
        return Normaliser(*(torch.cat(column, dim=1) for column in zip(*parts, strict=True)))

    def _in_reach(self, queries: list[int]) -> slice:
        return keys_in_reach(queries, self.num_keys, causal=self.causal, window=self.window)

    def _sinks(self, heads: Indices, queries: Indices) -> Tensor | None:
        """Return the sinks of rows, (H', n_q or 1); None without any."""
        if self.sinks is None:
            return None
        sinks = self.sinks[heads].float()
        return sinks[:, None] if sinks.ndim == 1 else sinks[:, queries]

    def _logits(self, heads: Indices, queries: Indices, keys: Indices, vectors: Tensor) -> Tensor:
        """Return the logits of the softmax, (H', n_q, n_k); -inf for a forbidden key."""
        logits = self._capped(self._scaled(heads, queries, vectors))
        bias = self._bias(heads, queries, keys)
        if bias is not None:
            logits += bias
        allowed = self._allowed(heads, queries, keys)
        if allowed is not None:
            logits.masked_fill_(~allowed, -torch.inf)
        return logits

    def _scaled(self, heads: Indices, queries: Indices, vectors: Tensor) -> Tensor:
        return (self.query[heads][:, queries].float() @ vectors.mT).mul_(self.scale)

    def _capped(self, scaled: Tensor) -> Tensor:
        if self.softcap is None:
            return scaled
        return scaled.div_(self.softcap).tanh_().mul_(self.softcap)

    def _bias(self, heads: Indices, queries: Indices, keys: Indices) -> Tensor | None:
        bias = None if self.bias is None else bias_tile(self.bias, heads, queries, keys).float()
        added = None if self.mask is None else added_by(tile(self.mask, heads, queries, keys))
        if bias is None or added is None:
            return added if bias is None else bias
        return bias + added

    def _allowed(self, heads: Indices, queries: Indices, keys: Indices) -> Tensor | None:
        rows, columns = positions(queries, self.num_queries), positions(keys, self.num_keys)
        pattern = band(rows, columns, causal=self.causal, window=self.window)
        masked = None if self.mask is None else allowed_by(tile(self.mask, heads, queries, keys))
        cut = self._taken(heads, queries, keys, "renormalise")
        allowed = (pattern, masked, None if cut is None else ~cut)
        given = [each for each in allowed if each is not None]
        return reduce(torch.logical_and, given) if given else None

    def _taken(self, heads: Indices, queries: Indices, keys: Indices, mode: Mode) -> Tensor | None:
        """Return the pairs of a tile that cuts of one mode take, None if there are none."""
        if not self.cuts:
            return None
        sizes = (self.num_heads, self.num_queries, self.num_keys)
        return taken(self.cuts, mode, *map(positions, (heads, queries, keys), sizes))

    def _per_query_head(self, tensor: Vectors, heads: Indices) -> Vectors:
        group = self.num_heads // tensor.shape[0]
        if group == 1:
            return tensor[heads]
        shared = positions(heads, self.num_heads) // group
        if len(shared) == 1:  # a view; more heads are copied
            return tensor[int(shared) : int(shared) + 1]
        return tensor[shared]
