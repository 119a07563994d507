"""The tokens that a picture of limited size has room for."""

from collections.abc import Sequence
from typing import NamedTuple


class Window(NamedTuple):
    """A range of tokens.

    Attributes
    ----------
    first, end
        The range, from `first` to before `end`.
    total
        Number of all tokens.
    """

    first: int
    end: int
    total: int

    @property
    def is_whole(self) -> bool:
        """True if no token is left out."""
        return self.first == 0 and self.end == self.total

    def left_out(self, of: str) -> str:
        """Return which tokens are left out: ``"left out: tokens 400 to 1,499 of 1,500"``."""
        before = f"0 to {self.first - 1:,}" if self.first else ""
        after = f"{self.end:,} to {self.total - 1:,}" if self.end < self.total else ""
        return f"left out: {of} {' and '.join(filter(None, (before, after)))} of {self.total:,}"


FEWEST = 50
"""Tokens that are drawn in any case."""


def window_of(count: int, room: float | None, pitch: float, around: Sequence[int] = ()) -> Window:
    """Return the first tokens that there is room for, or those from the first of some that matter.

    Parameters
    ----------
    count
        Number of all tokens.
    room
        Length in pixels; None without a limit.
    pitch
        Distance between tokens, in pixels.
    around
        Tokens that matter.
    """
    most = count if room is None else max(FEWEST, int(room / pitch))
    if count <= most:
        return Window(0, count, count)
    first = min(around, default=0) - most // 8
    first = max(0, min(first, count - most))
    return Window(first, first + most, count)
