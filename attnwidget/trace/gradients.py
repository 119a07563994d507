"""The source of a trace's gradients and predictions."""

from collections.abc import Callable, Iterator, Sequence
from typing import Protocol, TypeAlias

from torch import Tensor

from attnwidget.trace.kept import Kept
from attnwidget.trace.predictions import Predictions
from attnwidget.trace.target import IndexedTarget, SpanRange

Report: TypeAlias = Callable[[int], object]
"""Receives the number of steps that are done."""


class GradientSource(Protocol):
    """Runs a model forward and backward again when gradients are first asked for.

    That of a trace from a file has what the file holds, and no model.
    """

    @property
    def target(self) -> IndexedTarget:
        """The target of the gradients."""

    @property
    def has_gradients(self) -> bool:
        """True if the gradients of the target can be had."""

    def in_words(self) -> str:
        """Return what the target is: ``"the logit of the predicted class"``."""

    def aimed_at(self, target: object) -> "GradientSource":
        """Return a source of the gradients of another target.

        Raises
        ------
        ValueError
            `target` is no target.
        """

    def resolved(self, target: object) -> IndexedTarget:
        """Return a target with indices for texts, and positions counted from the front.

        Raises
        ------
        IndexError
            The text has no such position, or not all tokens of a span.
        ValueError
            `target` is no target, names a text that is no token or class, or is a span of which the
            model does not predict every token.
        """

    @property
    def span_range(self) -> SpanRange | None:
        """The tokens whose log-probability a span may sum up, None if there are none."""

    def of_layer(self, stream: str, layer: int) -> Tensor:
        """Return the gradient by the contexts, or by the dense weights, of one layer.

        Returns
        -------
        Tensor
            (H, n_q, d_v) float32 or half, the gradient by each head's context vector, for a layer
            with projections. (H, n_q, n_k), the gradient by the weights, for a layer of dense
            weights.

        Raises
        ------
        IndexError
            The target has no such position, token or class.
        ValueError
            The target does not fit the model, or no gradient arrives.
        """

    def predictions(
        self, position: int | None, top: int, including: Sequence[int | str] = ()
    ) -> Predictions:
        """Return the `top` most probable predictions at a position, None for the default position.

        Others, given by index or text, follow.

        Raises
        ------
        IndexError
            There is no such position, token or class.
        ValueError
            A position was named, and the model is a classifier; or a text is no token or class.
        """

    def embedding_jacobian(self, stream: str, report: Report) -> Tensor:
        """Return the norms of the Jacobian of a stream's keys by their embeddings.

        Parameters
        ----------
        stream
            Name of the stream.
        report
            Receives the number of outputs that are done.

        Returns
        -------
        Tensor
            (n_k, n_k) float32: entry (k, j) is the Frobenius norm of the derivative of the last
            hidden state of token k by the embedding of token j.

        Raises
        ------
        ValueError
            The tokens have no embeddings of their own.
        """

    def embeddings(self, stream: str) -> Tensor:
        """Return the embeddings that the model looks up for a stream's keys, (n_k, D).

        Raises
        ------
        ValueError
            The tokens have no embeddings of their own.
        """

    def target_from(self, stream: str, replacement: Tensor) -> Tensor:
        """Run the model with other embeddings of a stream's keys and return the target, a scalar.

        An index of None in the target is the one predicted for the real embeddings.

        Parameters
        ----------
        stream
            Name of the stream.
        replacement
            (n_k, D); the scalar becomes part of its graph.

        Raises
        ------
        IndexError
            The target has no such position, token or class.
        ValueError
            The tokens have no embeddings of their own, or the target does not fit the model.
        """

    def tensors(self, stream: str) -> Iterator[Tensor]:
        """Yield the gradients of a stream that have been computed."""

    def compute(self) -> None:
        """Compute the gradients of the target, if they are not there.

        Raises
        ------
        IndexError, ValueError
            As `of_layer`.
        """

    def keep(self) -> Kept:
        """Return the predictions, which may take a forward pass, and what has been computed."""


NO_MODEL = "this trace was made from arrays"
NOT_IN_FILE = "this trace was read from a file that holds none"


def no_gradients(source: GradientSource | None) -> str:
    """Return in words why a trace has no gradients."""
    return NO_MODEL if source is None else NOT_IN_FILE


def needed(source: GradientSource | None) -> GradientSource:
    """Return the source of gradients.

    Raises
    ------
    ValueError
        `source` is None.
    """
    if source is None:
        raise ValueError(
            "Gradients and predictions need the model, and this trace was made from arrays. Make "
            "it with attnwidget.capture(model, text)."
        )
    return source
