"""Strings of nested brackets, and the partner of each bracket."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from attnwidget.demos.split import is_held_out

PAIRS = (("(", ")"), ("[", "]"), ("{", "}"), ("<", ">"))
MASK = "[MASK]"
MAX_DEPTH = 6
MAX_PAIRS = 14

_OPENER_OF = {closer: opener for opener, closer in PAIRS}
_OPENERS = frozenset(_OPENER_OF.values())


@dataclass(frozen=True)
class MaskedBrackets:
    """A balanced string with some of its brackets hidden.

    Attributes
    ----------
    text
        The complete string.
    masked
        Positions in `text` of the hidden brackets, ascending.
    """

    text: str
    masked: tuple[int, ...]

    @property
    def prompt(self) -> str:
        """The string as the model reads it, with `MASK` for each hidden bracket."""
        hidden = set(self.masked)
        return "".join(MASK if i in hidden else bracket for i, bracket in enumerate(self.text))


def partner(text: str) -> tuple[int, ...]:
    """Return the position of the partner of each bracket.

    Parameters
    ----------
    text
        A balanced string of the brackets in `PAIRS` and nothing else.

    Returns
    -------
    tuple of int
        One position in `text` for each of its characters.

    Raises
    ------
    ValueError
        The string is not balanced or holds something that is not a bracket.
    """
    partners = [-1] * len(text)
    unclosed: list[int] = []
    for i, bracket in enumerate(text):
        if bracket in _OPENERS:
            unclosed.append(i)
            continue
        if bracket not in _OPENER_OF:
            known = " ".join(opener + closer for opener, closer in PAIRS)
            raise ValueError(
                f"Position {i} of {text!r} holds {bracket!r}, but a string of the brackets {known} "
                "was expected. Pass the complete text, without masks and spaces."
            )
        if not unclosed or text[unclosed[-1]] != _OPENER_OF[bracket]:
            raise ValueError(
                f"The brackets must be balanced, but {bracket!r} at position {i} of {text!r} "
                "closes no open bracket."
            )
        j = unclosed.pop()
        partners[i], partners[j] = j, i
    if unclosed:
        i = unclosed[-1]
        raise ValueError(
            f"The brackets must be balanced, but {text[i]!r} at position {i} of {text!r} is never "
            "closed."
        )
    return tuple(partners)


def random_brackets(rng: Random, *, held_out: bool) -> str:
    """Draw a balanced string of 2 to `MAX_PAIRS` pairs, at most `MAX_DEPTH` deep.

    Parameters
    ----------
    rng
        Source of randomness; the same state gives the same string.
    held_out
        True draws from the test set, False from the training set.
    """
    while True:
        text = _balanced(rng, rng.randint(2, MAX_PAIRS))
        if is_held_out(text) == held_out:
            return text


def random_example(rng: Random, *, held_out: bool, share: float | None = None) -> MaskedBrackets:
    """Draw a string and hide brackets that the visible ones determine.

    The hidden brackets all open or all close. The string has as many openers as closers, so the
    number of visible ones determines which. The partner of each hidden bracket is visible and
    determines its kind, so no other string fits.

    Parameters
    ----------
    rng
        Source of randomness; the same state gives the same example.
    held_out
        True draws from the test set, False from the training set.
    share
        Probability of hiding each opener (or closer); at least one is hidden. None hides exactly
        one.
    """
    text = random_brackets(rng, held_out=held_out)
    hides_openers = rng.random() < 0.5
    candidates = [i for i, bracket in enumerate(text) if (bracket in _OPENERS) == hides_openers]
    masked = [i for i in candidates if share is not None and rng.random() < share]
    return MaskedBrackets(text, tuple(masked or [rng.choice(candidates)]))


def _balanced(rng: Random, pairs: int) -> str:
    brackets: list[str] = []
    unclosed: list[str] = []
    opened = 0
    while len(brackets) < 2 * pairs:
        can_open = opened < pairs and len(unclosed) < MAX_DEPTH
        if can_open and (not unclosed or rng.random() < 0.5):
            opener, closer = rng.choice(PAIRS)
            brackets.append(opener)
            unclosed.append(closer)
            opened += 1
        else:
            brackets.append(unclosed.pop())
    return "".join(brackets)
