"""What is kept of the run without changes."""

from dataclasses import dataclass

from torch import Tensor

MAX_BASES = 4
"""Most targets whose run without changes is kept."""


@dataclass(frozen=True, eq=False)
class Base:
    """What is kept of the run without changes, for one target.

    Attributes
    ----------
    value
        The target.
    rows
        The rows of the logits that it is read from.
    logits
        These rows, (m, V) on the CPU; None without logits.
    at_once
        How many runs fit in one forward pass.
    """

    value: float
    rows: tuple[int, ...]
    logits: Tensor | None
    at_once: int
