"""The prediction head of a model."""

from dataclasses import dataclass

from attnwidget.trace.divergence import Activation
from attnwidget.trace.indexing import resolve_index
from attnwidget.trace.predictions import Unit


@dataclass(frozen=True)
class PredictionHead:
    """The prediction head of a model, and the positions that it predicts at.

    Attributes
    ----------
    model
        Name of its class, for errors.
    unit
        Kind of the predictions; ``"hidden"`` for a model without a head.
    num_rows
        Number of rows of the logits; 0 without a head.
    has_positions
        True if the rows belong to tokens.
    default
        The default position; None if there is none.
    activation
        The function that makes probabilities of its logits.
    of_positions
        True if each class is a token of the text: the first row of the logits is of the beginning
        of an answer, the second of its end.
    is_score
        True if there is one number and no class.
    """

    model: str
    unit: Unit
    num_rows: int = 0
    has_positions: bool = False
    default: int | None = None
    activation: Activation = "softmax"
    of_positions: bool = False
    is_score: bool = False

    @property
    def predicts(self) -> bool:
        """True if the model predicts something at the default position."""
        return self.num_rows > 0 and (not self.has_positions or self.default is not None)

    def row(self, position: int | None) -> int:
        """Return the row of the logits that belongs to a position.

        Raises
        ------
        IndexError
            There is no such position.
        ValueError
            There are no logits, a classifier has no positions, or `position` is None and there is
            no default.
        """
        if not self.num_rows:
            raise ValueError(
                f"{self.model} has no head that gives logits. Take gradients of "
                '("hidden", position), pass a function from its output to a scalar, or load the '
                "model with its head, such as AutoModelForCausalLM."
            )
        if self.of_positions:
            return resolve_index(position or 0, self.num_rows, "end")
        if not self.has_positions:
            if position is not None:
                raise ValueError(
                    f"{self.model} predicts one class for the whole input, so a position has no "
                    f"meaning, but {position} was given. Pass None."
                )
            return 0
        place = self.default if position is None else position
        if place is None:
            raise ValueError(
                f"{self.model} fills masks, and no mask is known among the tokens. Name a "
                "position, or put the mask token in the text."
            )
        return resolve_index(place, self.num_rows, "position")
