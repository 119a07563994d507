"""The Trace of one forward pass."""

import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from attnwidget.trace.arrays import held_bytes
from attnwidget.trace.first_stream import OfFirstStream
from attnwidget.trace.from_attentions import GivenAttentions
from attnwidget.trace.gradients import GradientSource, needed
from attnwidget.trace.logit_readout import NO_READOUT, LogitReadout
from attnwidget.trace.named_streams import named_streams, with_prompt
from attnwidget.trace.predictions import Predictions
from attnwidget.trace.reruns import Reruns
from attnwidget.trace.saved import load, save
from attnwidget.trace.stack import Stack
from attnwidget.trace.stream import Stream
from attnwidget.trace.target import IndexedTarget, Target
from attnwidget.trace.tokens import Tokens


@dataclass(frozen=True, eq=False, repr=False)
class Trace(OfFirstStream):
    """The attention of one input, by streams.

    ``trace["cross"]`` is a `Stream`. The properties and methods that a Trace shares with a Stream
    are those of its first stream.

    A captured Trace refers to its model and the inputs, for gradients and predictions, and keeps
    them alive; a pickled one has neither.

    Parameters
    ----------
    stacks
        The streams: one self-attention, or encoder, decoder and cross.
    model_name
        Name of the model, None if unknown.
    gradients
        Source of gradients and predictions; None for a Trace made from arrays.
    notes
        What was assumed or left out about the input, in words.
    readout
        How the logits depend on the residual stream, or in words why that is not known.
    reruns
        Runs the model again with changes; None for a Trace made from arrays.
    """

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
    ) -> "Trace":
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

    def save(self, path: str | os.PathLike[str], *, gradients: bool = False) -> None:
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
        save(self, path, gradients=gradients)

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> "Trace":
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

    def __getitem__(self, name: str) -> Stream:
        for stream in self.stacks:
            if stream.name == name:
                return stream
        raise KeyError(f"There is no stream {name!r}; this trace has {', '.join(self.streams)}.")

    def __iter__(self) -> Iterator[str]:
        return iter(self.streams)

    def __len__(self) -> int:
        return len(self.stacks)

    def __contains__(self, name: object) -> bool:
        return name in self.streams

    @property
    def nbytes(self) -> int:
        """Bytes of memory that the trace holds, without the model that it refers to."""
        return held_bytes(tensor for stream in self.stacks for tensor in stream.tensors())

    @property
    def has_gradients(self) -> bool:
        """True if the gradients of the target can be had: from the model, or from a file."""
        return self.gradients is not None and self.gradients.has_gradients

    @property
    def has_predictions(self) -> bool:
        """True if the trace knows what the model predicts."""
        return self.gradients is not None

    @property
    def target(self) -> IndexedTarget:
        """The target of gradients, as `capture` takes it; None is the model's default."""
        return None if self.gradients is None else self.gradients.target

    def with_target(self, target: Target) -> "Trace":
        """Return a trace with the gradients of another target, which shares everything else.

        Gradients of the last few targets are kept, so returning to one of them costs nothing.

        Parameters
        ----------
        target
            As `attnwidget.capture` takes it. Its position and class are checked when gradients are
            first asked for.

        Raises
        ------
        ValueError
            `target` is no target, or the trace was made from arrays.
        """
        source = needed(self.gradients).aimed_at(target)
        stacks = tuple(replace(stream, gradients=source) for stream in self.stacks)
        return replace(self, stacks=stacks, gradients=source)

    def with_tokens(self, tokens: Sequence[str] | Tokens) -> "Trace":
        """Return a trace with other names for the positions of its first stream.

        Raises
        ------
        ValueError
            They are not as many as the stream has positions.
        """
        return replace(self, stacks=named_streams(self.stacks, tokens))

    def with_prompt(self, length: int) -> "Trace":
        """Return a trace that tells the tokens that were read from those that the model wrote.

        A trace knows by itself what was written if `attnwidget.capture` let the model write, or if
        it was made from what ``generate`` returned.

        Parameters
        ----------
        length
            Number of the first tokens that the model read; it wrote all tokens after them. Of an
            encoder-decoder, tokens of the decoder.

        Raises
        ------
        ValueError
            `length` is no whole number from 0 to the number of tokens.
        """
        return replace(self, stacks=with_prompt(self.stacks, length))

    def predictions(
        self, position: int | None = None, top: int = 10, including: Sequence[int | str] = ()
    ) -> Predictions:
        """Return the most probable tokens or classes that the model predicts.

        The first call runs the model; the trace keeps the most probable predictions of each
        position.

        Parameters
        ----------
        position
            Token at which the model predicts, in an encoder-decoder a token of the decoder;
            negative ones count from the end. None is the position of the default target: the last
            token of a model that writes, the first mask of a model that fills masks.
        top
            Number of predictions.
        including
            Other tokens or classes, by index or text, which are listed after these. They take a
            forward pass.

        Raises
        ------
        IndexError
            There is no such position, token or class.
        ValueError
            `top` is less than 1, a position was named and the model is a classifier, a text is no
            token or class, or the trace was made from arrays.
        """
        return needed(self.gradients).predictions(position, top, including)

    def __repr__(self) -> str:
        name = "" if self.model_name is None else f"{self.model_name!r}, "
        sizes = "; ".join(f"{stream!r}"[len("Stream(") : -1] for stream in self.stacks)
        target = "" if self.gradients is None else f"; target: {self.gradients.in_words()}"
        notes = "".join(f"; {note}" for note in self.notes)
        return f"Trace({name}{sizes}{target}{notes}; {self.nbytes / 1e6:.1f} MB)"
