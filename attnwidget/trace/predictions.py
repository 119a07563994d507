"""The predictions of a model."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Unit: TypeAlias = Literal["token", "class", "hidden"]
"""Kind of a prediction: a token, a class, or ``"hidden"`` if the model has no prediction head."""


@dataclass(frozen=True)
class Prediction:
    """A token or class with its probability.

    Attributes
    ----------
    index
        Index in the vocabulary or among the classes.
    text
        The readable token, or the label of the class.
    probability
        Probability by the softmax of all logits; by the sigmoid of its own where a model may give
        several labels. None where the logit is a score and no class, as of a regression or of a
        reranker.
    logit
        The logit itself; None if it is not known.
    """

    index: int
    text: str
    probability: float | None
    logit: float | None = None


@dataclass(frozen=True)
class Predictions:
    """The most probable predictions at one position.

    Attributes
    ----------
    unit
        Kind of the predictions. ``"hidden"`` if there are none: the model has no head, or it fills
        masks and the text has no mask.
    position
        The token at which the model predicts; None for a classifier, which has no positions, and
        for the unit ``"hidden"``.
    entries
        The predictions, by falling probability.
    """

    unit: Unit
    position: int | None
    entries: tuple[Prediction, ...]
