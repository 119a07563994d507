"""The Trace of one forward pass."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from attnwidget.trace.arrays import held_bytes
from attnwidget.trace.gradients import needed
from attnwidget.trace.made_trace import MadeTrace
from attnwidget.trace.named_streams import named_streams, with_prompt
from attnwidget.trace.predictions import Predictions
from attnwidget.trace.stream import Stream
from attnwidget.trace.target import IndexedTarget, Target
from attnwidget.trace.tokens import Tokens


@dataclass(frozen=True, eq=False, repr=False)
class Trace(MadeTrace):
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
        tensors = [tensor for stream in self.stacks for tensor in stream.tensors()]
        if not isinstance(self.readout, str):
            tensors.append(self.readout.residual)
        return held_bytes(tensors)

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
