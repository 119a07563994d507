"""What a model's output says: what it predicts, and where."""

from dataclasses import dataclass
from typing import Any

import transformers
from torch import Tensor

from attnwidget.capture.gradients.rerun import Outcome, Rerun
from attnwidget.trace.predictions import Unit
from attnwidget.trace.selection import resolve_index

LOGITS = ("logits", "logits_per_image")
"""Where models return logits; the second are how well image and text go together."""


@dataclass(frozen=True)
class Head:
    """What a model predicts, and where.

    Attributes
    ----------
    model
        Name of its class, for errors.
    unit
        What it predicts.
    num_rows
        Number of rows of its logits; 0 without a head.
    has_positions
        Whether these rows belong to tokens.
    default
        The position that is meant where none is named; None where there is none.
    """

    model: str
    unit: Unit
    num_rows: int = 0
    has_positions: bool = False
    default: int | None = None

    @property
    def predicts(self) -> bool:
        """Whether something is predicted where no position is named."""
        return self.num_rows > 0 and (not self.has_positions or self.default is not None)

    def row(self, position: int | None) -> int:
        """Return the row of the logits that belongs to a position.

        Raises
        ------
        IndexError
            There is no such position.
        ValueError
            There are no logits, or no positions, or none is named and there is no default.
        """
        if not self.num_rows:
            raise ValueError(
                f"{self.model} has no head that gives logits. Take gradients of "
                '("hidden", position), pass a function from its output to a scalar, or load the '
                "model with its head, such as AutoModelForCausalLM."
            )
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


@dataclass(frozen=True)
class Answer:
    """What a model says about the traced entry, without padding.

    Attributes
    ----------
    head
        What it predicts.
    logits
        (n, V), one row for each position, or (1, C) of a classifier; None without a head.
    hidden
        (n, D) the last hidden state; None where the model gives none.
    """

    head: Head
    logits: Tensor | None
    hidden: Tensor | None


def answer(rerun: Rerun, outcome: Outcome) -> Answer:
    """Return what the model says with its output."""
    name, main = type(rerun.model).__name__, rerun.main
    hidden = outcome.hidden
    if hidden is not None and len(hidden) == main.lengths[0]:
        hidden = hidden[main.rows]
    found = (_attribute(outcome.output, each) for each in LOGITS)
    logits = next((each for each in found if each is not None and each.ndim in (2, 3)), None)
    if logits is None:
        return Answer(Head(name, "hidden"), None, hidden)
    logits = logits[rerun.entry(logits)]
    if logits.ndim == 1:
        return Answer(Head(name, "class", 1), logits[None], hidden)
    if len(logits) == main.lengths[0]:
        logits = logits[main.rows]
    count = len(logits)
    if _speaks(rerun, logits.shape[-1]):
        default = count - 1 if _writes(rerun) else _first_mask(rerun)
        return Answer(Head(name, "token", count, True, default), logits, hidden)
    return Answer(Head(name, "class", count, True, _last_word(rerun, count)), logits, hidden)


def _attribute(output: Any, name: str) -> Tensor | None:
    value = output.get(name) if isinstance(output, dict) else getattr(output, name, None)
    return value if isinstance(value, Tensor) else None


def _speaks(rerun: Rerun, size: int) -> bool:
    """Return whether logits of a size are over a vocabulary."""
    config = getattr(rerun.main.stacks[0], "config", None)
    return _writes(rerun) or size == getattr(config, "vocab_size", None)


def _writes(rerun: Rerun) -> bool:
    """Return whether a model predicts the next token."""
    return isinstance(rerun.model, transformers.PreTrainedModel) and bool(
        rerun.model.can_generate()
    )


def _first_mask(rerun: Rerun) -> int | None:
    mask = getattr(rerun.sides.tokenizer, "mask_token_id", None)
    ids = (rerun.sides.inputs.ids("input_ids") or [])[rerun.main.rows]
    return ids.index(mask) if mask is not None and mask in ids else None


def _last_word(rerun: Rerun, count: int) -> int:
    """Return the last position that is no special token."""
    special = rerun.tokens.special
    words = [place for place in range(count) if len(special) != count or not special[place]]
    return words[-1] if words else count - 1
