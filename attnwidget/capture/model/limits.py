"""Limits of what a model can read."""

from dataclasses import dataclass
from typing import Any

from torch import Tensor

POSITION_FIELDS = ("max_position_embeddings", "n_positions", "max_target_positions")
"""Config fields that give the number of positions."""


@dataclass(frozen=True)
class Limits:
    """The longest text and the largest vocabulary of one side of a model.

    Attributes
    ----------
    model
        Name of the model's class, for errors.
    positions
        Number of tokens that the model takes, None if unknown.
    vocabulary
        Number of tokens that the model knows, None if unknown.
    """

    model: str
    positions: int | None
    vocabulary: int | None

    @classmethod
    def of(cls, model: str, config: Any, tokenizer: Any = None) -> "Limits":
        """Read the limits from a config; None is the config of a module that has none."""
        fields = (getattr(config, field, None) for field in POSITION_FIELDS)
        sizes = (size for size in fields if isinstance(size, int) and size > 0)
        positions = max(sizes, default=None)
        if positions is not None and tokenizer is not None:
            # RoBERTa's table is longer than the texts it takes, and its tokenizer knows.
            positions = min(positions, int(tokenizer.model_max_length))
        vocabulary = getattr(config, "vocab_size", None)
        return cls(model, positions, vocabulary if isinstance(vocabulary, int) else None)

    def check_length(self, length: int, what: str) -> None:
        """Refuse more tokens than the model has positions for.

        Parameters
        ----------
        length
            Number of tokens.
        what
            Name of the input, for the error.

        Raises
        ------
        ValueError
            There are too many; the message says how many, and how many would do.
        """
        limit = self.positions
        if limit is not None and length > limit:
            raise ValueError(
                f"{what} is {length} tokens long, but {self.model} takes at most {limit}. "
                f"Pass a shorter one: its first {limit} tokens, or a part of it."
            )

    def check_ids(self, ids: object, what: str) -> None:
        """Refuse token ids that the model does not know, such as those of another tokenizer.

        Parameters
        ----------
        ids
            The ids, any shape; anything that is no tensor passes.
        what
            Name of the input, for the error.

        Raises
        ------
        ValueError
            An id lies outside of the vocabulary.
        """
        size = self.vocabulary
        if size is None or not isinstance(ids, Tensor) or not ids.numel():
            return
        lowest, highest = int(ids.min()), int(ids.max())
        if lowest < 0 or highest >= size:
            raise ValueError(
                f"{what} has ids from {lowest} to {highest}, but {self.model} knows the "
                f"tokens 0 to {size - 1}. Pass the tokenizer that belongs to the model."
            )
