"""The fields of a Trace, and the ways to make one without a model."""

import os
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from attnwidget.trace.first_stream import OfFirstStream
from attnwidget.trace.from_attentions import GivenAttentions
from attnwidget.trace.from_projections import GivenProjections, Layout
from attnwidget.trace.gradients import GradientSource
from attnwidget.trace.logit_readout import NO_READOUT, LogitReadout
from attnwidget.trace.reruns import Reruns
from attnwidget.trace.saved import Storage, load, save
from attnwidget.trace.stack import Stack
from attnwidget.trace.stream import Stream
from attnwidget.trace.tokens import Tokens


@dataclass(frozen=True, eq=False, repr=False)
class MadeTrace(OfFirstStream):
    """The fields of a Trace, which describes them, and the ways to make one without a model."""

    stacks: tuple[Stream, ...]
    model_name: str | None = None
    gradients: GradientSource | None = None
    notes: tuple[str, ...] = ()
    readout: LogitReadout | str = NO_READOUT
    reruns: Reruns | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "stacks", tuple(self.stacks))
        if not self.stacks:
            raise ValueError("A Trace needs at least one stream.")
        if len(set(self.streams)) != len(self.streams):
            raise ValueError(f"The streams of a Trace need different names, not {self.streams}.")

    @classmethod
    def from_attentions(
        cls,
        attentions: object = None,
        tokens: Sequence[str] | Tokens | None = None,
        *,
        key_tokens: Sequence[str] | Tokens | None = None,
        encoder: Stack | None = None,
        decoder: Stack | None = None,
        cross: Stack | None = None,
        encoder_tokens: Sequence[str] | Tokens | None = None,
        decoder_tokens: Sequence[str] | Tokens | None = None,
        batch_index: int | None = None,
        model_name: str | None = None,
    ) -> Self:
        """Make a Trace from attention weights of any framework.

        Pass one stack with its tokens, or the stacks of an encoder-decoder by keyword. The Trace
        copies the weights.

        Parameters
        ----------
        attentions
            One array a layer, (H, n, n), (1, H, n, n) or (n, n); or one array (L, H, n, n). Torch,
            numpy, JAX or nested lists. Or what a model of transformers returned with
            ``output_attentions=True``, as an object or a tuple, or what its ``generate`` returned
            with ``return_dict_in_generate=True`` too: the steps are put together to one map of
            the prompt and what was written.
        tokens
            The tokens that attend, one for each row. After ``generate`` the last token may be among
            them: the model wrote it and did not read it, so it has no row.
        key_tokens
            The tokens that are attended to, one for each column; by default `tokens`.
        encoder, decoder, cross
            The attention of each stream of an encoder-decoder; any of them may be left out.
        encoder_tokens, decoder_tokens
            The tokens of the encoder and of the decoder. Cross attention needs both. With the
            output of an encoder-decoder as `attentions`, the streams whose tokens are given.
        batch_index
            The entry of a batch, or the sequence among those that ``generate`` returned.
        model_name
            Name of the model, for captions.

        Raises
        ------
        ValueError
            The weights or the tokens are not as described; the message says where and what to do.
        IndexError
            The batch has no such entry.
        """
        given = GivenAttentions(
            attentions,
            encoder,
            decoder,
            cross,
            tokens,
            key_tokens,
            encoder_tokens,
            decoder_tokens,
            batch_index,
        )
        return cls(given.streams(), model_name)

    @classmethod
    def from_projections(
        cls,
        queries: Stack,
        keys: Stack,
        values: Stack | None = None,
        *,
        tokens: Sequence[str] | Tokens,
        key_tokens: Sequence[str] | Tokens | None = None,
        layout: Layout = "HND",
        scale: float | Sequence[float] | None = None,
        causal: bool = False,
        mask: object = None,
        window: int | Sequence[int | None] | None = None,
        bias: object = None,
        softcap: float | Sequence[float | None] | None = None,
        sinks: object = None,
        model_name: str | None = None,
    ) -> Self:
        """Make a Trace from queries and keys of any framework.

        Attention is ``softmax(cap(q·k * scale) + bias + mask)``, computed where it is looked at;
        nothing of size n x n is kept. Rotary embeddings and norms of heads must be applied. The
        Trace copies the arrays; half precision stays as it is.

        Parameters
        ----------
        queries
            One array a layer, (H, n_q, d) or (1, H, n_q, d), or one array with an axis of layers
            first. Torch, numpy, JAX or what speaks DLPack.
        keys
            The same with n_k keys. H_kv heads for H query heads, of which each reads key head
            ``h // (H / H_kv)``.
        values
            The same of the values, for value norms. Without them attention, rollout, max-flow and
            the views of queries and keys are there.
        tokens
            The tokens, one for each query.
        key_tokens
            The tokens that are attended to, by default `tokens`; with them it is cross attention.
        layout
            The order of the axes of an array: ``"HND"``, heads first, or ``"NHD"``, tokens first,
            as in vLLM, JAX and TransformerLens.
        scale
            Factor on the dot products, by default ``1 / sqrt(d)``. Like `window` and `softcap` a
            number for all layers, or a list with one for each.
        causal
            True forbids keys after the query.
        mask
            Boolean (True allows) or added, broadcastable to (H, n_q, n_k). Like `bias` and `sinks`
            an array for all layers, or a list of one for each; None without.
        window
            Width of a sliding window: ``|query - key| < window``.
        bias
            Added to the scores after the cap, such as ALiBi; broadcastable to (H, n_q, n_k).
        softcap
            Cap c of the scores: ``c * tanh(score / c)``.
        sinks
            (H,), learned logits that take a part of each row.
        model_name
            Name of the model, for captions.

        Raises
        ------
        ValueError
            The arrays or the tokens do not fit together, or are not finite; the message says where
            and what to do.
        """
        given = GivenProjections(
            queries=queries,
            keys=keys,
            values=values,
            tokens=tokens,
            key_tokens=key_tokens,
            layout=layout,
            scale=scale,
            causal=causal,
            mask=mask,
            window=window,
            bias=bias,
            softcap=softcap,
            sinks=sinks,
        )
        return cls((given.stream(),), model_name)

    def save(
        self, path: str | os.PathLike[str], *, dtype: Storage = "float32", gradients: bool = False
    ) -> None:
        """Write the trace to a file, from which `load` reads it without the model.

        The file has the format safetensors, and is written beside its name first: it is whole, or
        what was there stays. A file of the same name is replaced.

        It holds tokens, queries, keys, values, masks and biases, what heads write, notes, and the
        likeliest predictions at every position, which may take a forward pass now. Of the
        unembedding it holds the rows of the tokens that these list. Gradients that have been
        computed are in it, so that the methods of gradients go on working for their targets; what
        needs another run of the model does not.

        Parameters
        ----------
        path
            The file, such as ``"trace.safetensors"``.
        dtype
            ``"float32"`` stores every number as the trace holds it; ``"float16"`` in half
            precision; ``"int8"`` queries, values and weights of the model in 8 bits with a scale
            for each row, keys with one for each channel, and the rest in half precision. The error
            of attention that rounding makes is measured and becomes one of the trace's notes.
        gradients
            Compute the gradients of the trace's target first, if that was not done.

        Raises
        ------
        OSError
            The file cannot be written: there is no such folder, no permission, or no room.
        ValueError
            The path is no regular file, gradients are asked for and cannot be had, or the trace is
            a difference of others.
        """
        save(self, path, storage=dtype, gradients=gradients)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> Self:
        """Read a trace that `save` wrote.

        Neither the model nor transformers is needed, and nothing is unpickled. The numbers stay in
        the file until they are used, so the file must stay as it is while the trace is.

        Raises
        ------
        OSError
            There is no such file, or it may not be read.
        ValueError
            The file is no trace, is damaged, or was written by another version; the message says
            which and what to do.
        """
        found = load(path)
        try:
            return cls(found.stacks, found.model_name, found.gradients, found.notes, found.readout)
        except ValueError as error:
            raise ValueError(f"{path} is no trace that can be read: {error}") from error

    @property
    def streams(self) -> tuple[str, ...]:
        """The names of the streams: ``("self",)`` or ``("encoder", "decoder", "cross")``."""
        return tuple(stream.name for stream in self.stacks)
