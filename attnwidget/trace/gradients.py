"""Where the gradients of a trace come from."""

from collections.abc import Callable, Iterator
from typing import Protocol, TypeAlias

from torch import Tensor

from attnwidget.trace.predictions import Predictions
from attnwidget.trace.target import Target

Report: TypeAlias = Callable[[int], object]
"""Is told how much is done."""


class GradientSource(Protocol):
    """Runs a model forward and backward again, when gradients are first asked for."""

    @property
    def target(self) -> Target:
        """What the gradients are of."""

    def aimed_at(self, target: object) -> "GradientSource":
        """Return a source of the gradients of another target.

        Raises
        ------
        ValueError
            It is no target.
        """

    def of_layer(self, stream: str, layer: int) -> Tensor:
        """Return the gradient kept of one layer, of its contexts or of its dense weights.

        Returns
        -------
        Tensor
            (H, n_q, d_v) float32 or half for a layer with projections: the gradient by each head's
            context vector. (H, n_q, n_k) for a layer of dense weights: the gradient by them.

        Raises
        ------
        IndexError
            The target has a position, a token or a class that is not there.
        ValueError
            The target does not fit the model, or no gradient arrives.
        """

    def predictions(self, position: int | None, top: int) -> Predictions:
        """Return the `top` likeliest predictions at a position, None: at the default one.

        Raises
        ------
        IndexError
            There is no such position.
        ValueError
            A position was named, and the model is a classifier.
        """

    def embedding_jacobian(self, stream: str, report: Report) -> Tensor:
        """Return how strongly each output of a stream's keys depends on each of their embeddings.

        `report` is told of how many of the outputs it is known.

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

        A token or class that the target leaves open is the one predicted for the real embeddings.

        Parameters
        ----------
        replacement
            (n_k, D), of whose graph the scalar becomes part.

        Raises
        ------
        IndexError
            The target names what is not there.
        ValueError
            The tokens have no embeddings of their own, or the target does not fit the model.
        """

    def tensors(self, stream: str) -> Iterator[Tensor]:
        """Yield the gradients of a stream that are kept by now."""


def needed(source: GradientSource | None) -> GradientSource:
    """Return the source of gradients.

    Raises
    ------
    ValueError
        There is none.
    """
    if source is None:
        raise ValueError(
            "Gradients and predictions need the model, and this trace was made from arrays. Make "
            "it with attnwidget.capture(model, text)."
        )
    return source
