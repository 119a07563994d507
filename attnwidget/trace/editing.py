"""What of a trace's input can be edited, so that its model runs again on something else."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Editing:
    """What of an input can be edited.

    Attributes
    ----------
    texts
        The text, or the two of a pair; empty if it cannot be edited as a text.
    no_text
        Why it cannot be edited as a text, in words; None if it can.
    mask
        The tokenizer's mask, as a text; None if it has none.
    refused
        Why the tokens of a stream's keys cannot be replaced, in words; None if they can.
    fixed
        Positions of a stream's keys that stand for something else, such as a part of an image.
    """

    texts: tuple[str, ...]
    no_text: str | None
    mask: str | None
    refused: Mapping[str, str | None]
    fixed: Mapping[str, tuple[int, ...]]
