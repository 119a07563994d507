"""All layers of one kind of attention."""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from attnwidget.trace.arrays import held_bytes
from attnwidget.trace.check_stream import check_stream
from attnwidget.trace.gradients import GradientSource, needed
from attnwidget.trace.indexing import Indexer, Indices, resolve, resolve_index
from attnwidget.trace.layer import AttentionLayer
from attnwidget.trace.projected import ProjectedLayer
from attnwidget.trace.scores import AttentionScores
from attnwidget.trace.sublayer_output import SublayerOutput, known_outputs
from attnwidget.trace.tokens import Tokens
from attnwidget.trace.windowed import PROJECTED, WindowedLayer, as_projected, values_of

NO_OUTPUTS = "the trace was made from attention weights"
"""Why a stream that no model made has no outputs."""


@dataclass(frozen=True, eq=False, repr=False)
class Stream:
    """One kind of attention: self-attention, or an encoder-decoder's encoder, decoder or cross.

    Parameters
    ----------
    name
        ``"self"``, ``"encoder"``, ``"decoder"`` or ``"cross"``.
    layers
        The layers, from the one nearest the input to the top; all of the same size.
    queries, keys
        The tokens that attend and those that are attended to.
    gradients
        Source of gradients and predictions; None for a stream made from arrays.
    numbers
        The model's own number of each layer; None if every layer of the model has attention.
    outputs
        What each layer adds to the residual stream, or in words why that is not known.
    """

    name: str
    layers: tuple[AttentionLayer, ...]
    queries: Tokens
    keys: Tokens
    gradients: GradientSource | None = None
    numbers: tuple[int, ...] | None = None
    outputs: tuple[SublayerOutput, ...] | str = NO_OUTPUTS

    def __post_init__(self) -> None:
        object.__setattr__(self, "layers", tuple(self.layers))
        check_stream(self.name, self.layers, self.queries, self.keys)

    @property
    def num_layers(self) -> int:
        """Number of layers."""
        return len(self.layers)

    @property
    def layer_numbers(self) -> tuple[int, ...]:
        """The model's own number of each layer; in a hybrid not every layer has attention."""
        return self.numbers or tuple(range(self.num_layers))

    @property
    def num_heads(self) -> int:
        """Number of heads in each layer."""
        return self.layers[0].num_heads

    @property
    def query_tokens(self) -> list[str]:
        """The readable tokens that attend."""
        return list(self.queries.text)

    @property
    def key_tokens(self) -> list[str]:
        """The readable tokens that are attended to."""
        return list(self.keys.text)

    @property
    def causal(self) -> bool:
        """True if no query attends to a later key, in any layer."""
        square = len(self.queries) == len(self.keys)
        return square and all(layer.causal for layer in self.layers)

    @property
    def has_projections(self) -> bool:
        """True if queries and keys were captured, so that the neuron view is possible."""
        return all(isinstance(layer, PROJECTED) for layer in self.layers)

    @property
    def has_outputs(self) -> bool:
        """True if the output projections and the residual stream were captured."""
        return not isinstance(self.outputs, str)

    @property
    def nbytes(self) -> int:
        """Bytes of memory that the stream holds."""
        return held_bytes(self.tensors())

    def tensors(self) -> Iterator[Tensor]:
        """Yield every tensor that the stream keeps in memory, gradients included."""
        for layer in self.layers:
            yield from layer.tensors()
        if not isinstance(self.outputs, str):
            for output in self.outputs:
                yield from output.tensors()
        if self.gradients is not None:
            yield from self.gradients.tensors(self.name)

    def attention(
        self,
        layer: int,
        heads: Indexer = None,
        *,
        queries: Indexer = None,
        keys: Indexer = None,
    ) -> Tensor:
        """Return exact attention weights.

        Parameters
        ----------
        layer
            Counted from 0; negative ones count from the end.
        heads, queries, keys
            An index, a list of indices or a slice; all if None. A single index keeps its axis.

        Returns
        -------
        Tensor
            (H', n_q, n_k) float32 on the CPU. Rows sum to 1 over all keys, except where the model
            has attention sinks or reads silence (less than 1) or masks a whole row (0).

        Raises
        ------
        IndexError
            A layer, head, query or key is out of range.
        ValueError
            An index is no whole number.
        """
        place = resolve_index(layer, self.num_layers, "layer")
        return self.layers[place].weights(*self._tile(heads, queries, keys))

    def written(
        self,
        layer: int,
        heads: Indexer = None,
        *,
        queries: Indexer = None,
        keys: Indexer = None,
    ) -> Tensor:
        """Return the norm of what each head writes from a key to a query, ``A_ij ||W_O^h v_j||_2``.

        W_O^h is the head's slice of the output projection, with the scalings and normalisations
        between it and the residual stream (Kobayashi et al., "Attention is Not Only a Weight",
        EMNLP 2020, section 2).

        Parameters
        ----------
        layer, heads, queries, keys
            As in `attention`.

        Returns
        -------
        Tensor
            (H', n_q, n_k) float32 on the CPU, no entry negative, in the units of the residual
            stream. Rows do not sum to 1.

        Errors are those of `attention`; a ValueError says why what heads write is not known.
        """
        tile = self._tile(heads, queries, keys)
        output, chosen = self.output(layer), self.layers[layer]
        return output.written(as_projected(chosen, self.name), *tile)

    def output(self, layer: int) -> SublayerOutput:
        """Return what a layer adds to the residual stream.

        Raises
        ------
        IndexError
            The layer is out of range.
        ValueError
            It is not known; the message says why.
        """
        place = resolve_index(layer, self.num_layers, "layer")
        return known_outputs(self.outputs, self.name)[place]

    def attention_gradient(
        self,
        layer: int,
        heads: Indexer = None,
        *,
        queries: Indexer = None,
        keys: Indexer = None,
    ) -> Tensor:
        """Return the gradient of the trace's target by the attention weights.

        The first call runs the model forward and backward again, for all layers. The trace keeps
        the gradient g by each head's context ``o_i = sum_j A_ij v_j``, and computes the gradient by
        ``A_ij``, which is ``g_i · v_j``, for the tile. For a model that returns dense weights it
        keeps dense gradients.

        Parameters
        ----------
        layer, heads, queries, keys
            As in `attention`.

        Returns
        -------
        Tensor
            (H', n_q, n_k) float32 on the CPU, signed. Weights that the mask forbids have a gradient
            too, the effect of allowing them.

        Raises
        ------
        IndexError
            A layer, head, query or key is out of range, or the target has no such position, token
            or class.
        ValueError
            The trace was made from arrays, or the target does not fit the model.
        """
        place = resolve_index(layer, self.num_layers, "layer")
        tile = self._tile(heads, queries, keys)
        gradient = needed(self.gradients).of_layer(self.name, place)
        return self.layers[place].weight_gradients(gradient, *tile)

    def context_gradient(self, layer: int) -> Tensor:
        """Return the gradient of the trace's target by the heads' contexts, (H, n_q, d_v) float32.

        A head's context is ``o_i = sum_j A_ij v_j``, the input of the output projection.

        Raises
        ------
        IndexError
            The layer is out of range, or the target has no such position, token or class.
        ValueError
            The trace holds attention weights only, or the target does not fit the model.
        """
        self._projected(layer)
        place = resolve_index(layer, self.num_layers, "layer")
        return needed(self.gradients).of_layer(self.name, place).to(torch.float32, copy=True)

    def query(self, layer: int) -> Tensor:
        """Return the query vectors after rotary embedding, (H, n_q, d) float32.

        Raises
        ------
        IndexError
            The layer is out of range.
        ValueError
            The trace holds attention weights only.
        """
        return self._projected(layer).query_vectors()

    def key(self, layer: int) -> Tensor:
        """Return the key vectors after rotary embedding, repeated per query head: (H, n_k, d).

        Errors are those of `query`.
        """
        return self._projected(layer).key_vectors()

    def value(self, layer: int) -> Tensor:
        """Return the value vectors, repeated per query head: (H, n_k, d_v) float32.

        Errors are those of `query`.
        """
        return values_of(self._projected(layer), self.name)

    def scores(self, layer: int, head: int, query: int) -> AttentionScores:
        """Return the steps from one query of one head to its attention weights.

        Errors are those of `query`, and an IndexError if there is no such head or query.
        """
        chosen = self._projected(layer)
        return chosen.scores(
            resolve_index(head, chosen.num_heads, "head"),
            resolve_index(query, chosen.num_queries, "query"),
        )

    def _tile(
        self, heads: Indexer, queries: Indexer, keys: Indexer
    ) -> tuple[Indices, Indices, Indices]:
        return (
            resolve(heads, self.num_heads, "head"),
            resolve(queries, len(self.queries), "query"),
            resolve(keys, len(self.keys), "key"),
        )

    def _projected(self, layer: int) -> ProjectedLayer | WindowedLayer:
        chosen = self.layers[resolve_index(layer, self.num_layers, "layer")]
        return chosen if isinstance(chosen, WindowedLayer) else as_projected(chosen, self.name)

    def __repr__(self) -> str:
        size = f"{self.num_layers} layers x {self.num_heads} heads"
        keys = "" if len(self.queries) == len(self.keys) else f" x {len(self.keys)}"
        count = self.queries.num_written
        written = f", {count} of them written by the model" if count else ""
        return f"Stream({self.name!r}, {size}, {len(self.queries)}{keys} tokens{written})"
