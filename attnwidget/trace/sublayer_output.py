"""What an attention sublayer adds to the residual stream."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from attnwidget.trace.frozen_norm import FrozenNorm, factors_of, normalised, transformed
from attnwidget.trace.indexing import Indices
from attnwidget.trace.model_weight import Weight
from attnwidget.trace.once import Once
from attnwidget.trace.projected import ProjectedLayer


@dataclass(frozen=True, eq=False, repr=False)
class SublayerOutput:
    """The output projection of an attention layer, and the residual stream that it is added to.

    With c_i the context vectors of all heads of token i side by side, the sublayer turns the
    residual x_i into ``y_i = after(x_i + norms(W_O c_i + b_O))``.

    Parameters
    ----------
    weight
        (D, H * d_v), the output projection W_O.
    bias
        (D,), b_O.
    norms
        The normalisations and scalings between the projection and the residual stream.
    residual
        (n_q, D), the residual stream x before the sublayer.
    after
        The normalisations of the sum before anything else is added to it.
    passage
        All normalisations from the sum to the residual of the next sublayer, or to the head of the
        model; it begins with those of `after`.
    """

    weight: Weight
    bias: Weight | None
    norms: tuple[FrozenNorm, ...]
    residual: Tensor
    after: tuple[FrozenNorm, ...] = ()
    passage: tuple[FrozenNorm, ...] = ()
    _lengths: Once[Tensor] = field(default_factory=Once, init=False)

    def vectors(self, layer: ProjectedLayer, heads: Indices, keys: Indices) -> Tensor:
        """Return what each head writes from a key with weight 1, (H', n_k, D) float32.

        It is ``W_O^h v_j`` after the normalisations before the residual, without their biases and
        the factors of the tokens that it is written to; see `factors`.
        """
        values = layer.value_vectors()[heads][:, keys]
        written = torch.einsum("hjd,ohd->hjo", values, self._by_head(layer)[:, heads])
        return transformed(self.norms, written)

    def written(
        self, layer: ProjectedLayer, heads: Indices, queries: Indices, keys: Indices
    ) -> Tensor:
        """Return the norm of what each head writes from keys to queries, (H', n_q, n_k) float32."""
        weights = layer.weights(heads, queries, keys)
        weights *= self.lengths(layer)[heads][:, None, keys]
        return weights.mul_(self.factors(layer).abs()[queries][:, None])

    def lengths(self, layer: ProjectedLayer) -> Tensor:
        """Return the norm of `vectors` for every head and key, (H, n_k) float32.

        No vector is made: the norm is that of the value by the head's Gram matrix.
        """
        return self._lengths.get(lambda: self._measured(layer))

    def factors(self, layer: ProjectedLayer) -> Tensor:
        """Return the factor of what is written to each query, (n_q,) float32."""
        return factors_of(self.norms, layer.num_queries)

    def constant(self) -> Tensor:
        """Return what the sublayer adds to every query whatever it attends to, (n_q, D) float32."""
        size = self.weight.shape[0]
        bias = torch.zeros(size, device="cpu") if self.bias is None else self.bias.value().float()
        return normalised(self.norms, bias.expand(len(self.residual), size))

    def tensors(self) -> Iterator[Tensor]:
        """Yield every tensor that the output holds in memory, without the model's weights."""
        yield self.residual
        if self._lengths.value is not None:
            yield self._lengths.value

    def of_rows(self, rows: Indices) -> "SublayerOutput":
        """Return the output of some queries."""
        norms, after, passage = (
            tuple(norm.of_rows(rows) for norm in each)
            for each in (self.norms, self.after, self.passage)
        )
        return replace(
            self, norms=norms, after=after, passage=passage, residual=self.residual[rows]
        )

    def _by_head(self, layer: ProjectedLayer) -> Tensor:
        weight = self.weight.value().float()
        return weight.reshape(len(weight), layer.num_heads, -1)

    def _measured(self, layer: ProjectedLayer) -> Tensor:
        # Float64, as a Gram matrix squares the rounding of short vectors.
        columns = transformed(self.norms, self._by_head(layer).double().permute(1, 2, 0))
        gram = columns @ columns.mT
        values = layer.value_vectors().double()
        squared: Tensor = torch.einsum("hjd,hde,hje->hj", values, gram, values)
        return squared.clamp_(min=0).sqrt_().float()

    def __repr__(self) -> str:
        return f"SublayerOutput(width {self.weight.shape[0]})"


def known_outputs(
    outputs: tuple[SublayerOutput, ...] | str, stream: str
) -> tuple[SublayerOutput, ...]:
    """Return the outputs of the layers of a stream.

    Raises
    ------
    ValueError
        They are not known.
    """
    if isinstance(outputs, str):
        raise ValueError(
            f"What the heads of the stream {stream!r} write is not known: {outputs}. Attention, "
            "value norm and the methods of gradients need no output projection."
        )
    return outputs
