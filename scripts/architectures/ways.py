"""Ways to make the numbers of a config small."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from scripts.architectures.sizes import COUNTS, EXPERTS, HEADS, WIDTHS, small_value


@dataclass(frozen=True)
class Way:
    """A way to make a config small.

    Attributes
    ----------
    small
        Returns the small value of a field from its name and its value.
    cuts_lists
        True if lists with an item for each layer are cut to as many as there are layers left.
    fills
        True if numbers that are not set are set.
    turns
        True if rotary embeddings get parts by time, row and column that fit into a head.
    """

    small: Callable[[str, int], int]
    cuts_lists: bool = False
    fills: bool = False
    turns: bool = True


def _named(name: str, value: int) -> int:
    small = small_value(name)
    if small is None:
        return value
    if "heads" in name and value < small:  # a power of two, which divides the widths
        return 1 << (value.bit_length() - 1)
    return min(small, value)


def _but_heads(name: str, value: int) -> int:
    return value if HEADS.fullmatch(name) else _named(name, value)


def _counted(name: str, value: int) -> int:
    if EXPERTS.fullmatch(name):
        return min(value, 2)
    return _named(name, value) if COUNTS.fullmatch(name) else value


def _divided(divisor: int) -> Callable[[str, int], int]:
    """Return a way that keeps the ratios of all widths."""

    def small(name: str, value: int) -> int:
        if COUNTS.fullmatch(name) or EXPERTS.fullmatch(name):
            return _counted(name, value)
        if WIDTHS.fullmatch(name) and value % divisor == 0 and value > divisor:
            return value // divisor
        return value

    return small


WAYS: tuple[Way, ...] = (
    Way(_named),
    Way(_but_heads),
    Way(_named, fills=True),
    Way(_named, turns=False),
    Way(_named, cuts_lists=True),
    Way(_divided(8)),
    Way(_divided(8), cuts_lists=True),
    Way(_divided(4), cuts_lists=True),
    Way(_counted),
    Way(_counted, cuts_lists=True),
)
"""The ways, in the order to try."""
