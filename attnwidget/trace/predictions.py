"""What a model predicts."""

from dataclasses import dataclass
from typing import Literal, TypeAlias

Unit: TypeAlias = Literal["token", "class", "hidden"]
"""What a model predicts: a token of its vocabulary, a class, or nothing, as it has no head."""


@dataclass(frozen=True)
class Prediction:
    """One of the tokens or classes that a model chooses from.

    Attributes
    ----------
    index
        Its place in the vocabulary or among the classes.
    text
        The readable token, or the label of the class.
    probability
        By the softmax of all logits.
    """

    index: int
    text: str
    probability: float


@dataclass(frozen=True)
class Predictions:
    """The likeliest predictions at one position.

    Attributes
    ----------
    unit
        What is predicted. ``"hidden"`` where there is nothing to predict: the model has no head, or
        it fills masks and there is none.
    position
        The token at which it is predicted; None for a classifier, which has no positions, and
        where the unit is ``"hidden"``.
    entries
        By falling probability.
    """

    unit: Unit
    position: int | None
    entries: tuple[Prediction, ...]
