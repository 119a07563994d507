"""What a trace keeps of its model's gradients and predictions when the model is not there."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from torch import Tensor

from attnwidget.trace.prediction_head import PredictionHead
from attnwidget.trace.predictions import Prediction
from attnwidget.trace.scaled import Vectors
from attnwidget.trace.target import IndexedTarget


@dataclass(frozen=True, eq=False)
class KeptTarget:
    """A target of gradients.

    Attributes
    ----------
    target
        The target.
    words
        What it is, in words.
    layers
        The gradients of every layer by stream, as in `GradientSource.of_layer`; no layers for a
        stream that the target does not depend on. None if they were not computed.
    """

    target: IndexedTarget
    words: str
    layers: Mapping[str, tuple[Vectors, ...]] | None = None


@dataclass(frozen=True, eq=False)
class KeptPredictions:
    """The likeliest predictions at every position.

    Attributes
    ----------
    head
        The prediction head.
    logits, probabilities, indices
        (n, K) by falling logit; (0, 0) without a head.
    is_complete
        True if K is the whole vocabulary, or all classes.
    names
        The text of each token or class.
    others
        Further predictions by position, those that targets name.
    """

    head: PredictionHead
    logits: Tensor
    probabilities: Tensor
    indices: Tensor
    is_complete: bool
    names: Mapping[int, str]
    others: Mapping[int, tuple[Prediction, ...]] = field(default_factory=dict)

    def at(self, row: int) -> tuple[Prediction, ...]:
        """Return the likeliest predictions in a row of the logits."""
        has_none = self.head.activation == "identity"
        return tuple(
            Prediction(index, self.names[index], None if has_none else probability, logit)
            for index, probability, logit in zip(
                self.indices[row].tolist(),
                self.probabilities[row].tolist(),
                self.logits[row].tolist(),
                strict=True,
            )
        )

    def listed(self, row: int) -> dict[int, Prediction]:
        """Return all predictions in a row of the logits by index, the likeliest first."""
        return {each.index: each for each in (*self.at(row), *self.others.get(row, ()))}

    def tokens(self) -> list[int]:
        """Return every token or class that is listed at any position, rising."""
        further = (each.index for row in self.others.values() for each in row)
        return sorted({*self.indices.flatten().tolist(), *further})


@dataclass(frozen=True, eq=False)
class Kept:
    """What is known of gradients and predictions without the model.

    Attributes
    ----------
    targets
        The target of the trace, then others whose gradients were computed.
    predictions
        The likeliest predictions.
    jacobians
        The norms of the Jacobian by the embeddings, by stream, where they were computed.
    """

    targets: tuple[KeptTarget, ...]
    predictions: KeptPredictions
    jacobians: Mapping[str, Vectors] = field(default_factory=dict)
