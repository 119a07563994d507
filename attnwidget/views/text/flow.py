"""Tokens in lines, as a text is set."""

from dataclasses import dataclass

from attnwidget.picture.words import SIZE, SMALL, width_of
from attnwidget.trace import Tokens
from attnwidget.trace.reading import places, spaced

WIDTH = 640.0
"""Width of a line, in pixels."""

SPACE = 4.0
"""Width of a space between words."""

PADDING = 3.0
"""Room beside a special token or a place, in pixels."""

LONGEST = 80
"""Characters of a token that are written, at most."""


@dataclass(frozen=True)
class Word:
    """A token in its place.

    Attributes
    ----------
    index
        The token.
    text
        What is written.
    line
        Counted from 0.
    x, width
        In pixels.
    is_small
        Special tokens and places are written small.
    """

    index: int
    text: str
    line: int
    x: float
    width: float
    is_small: bool


def set_in_lines(tokens: Tokens) -> list[Word]:
    """Return the tokens in lines: line breaks of the text break them, and so does their width."""
    gaps, named = spaced(tokens), places(tokens)
    words: list[Word] = []
    x, line = 0.0, 0
    for index, token in enumerate(tokens.text):
        is_small = tokens.special[index] or named[index]
        shown = _written(token)
        padding = 2 * PADDING if is_small else 0.0
        width = width_of(shown, SMALL if is_small else SIZE) + padding
        begins_text = index > 0 and tokens.segments[index] != tokens.segments[index - 1]
        if gaps[index] or (index and (named[index] or named[index - 1])):
            x += SPACE
        if begins_text or (x > 0 and x + width > WIDTH):
            x, line = 0.0, line + 1
        words.append(Word(index, shown, line, x, width, is_small))
        x += width
        breaks = token.count("⏎")
        if breaks:
            x, line = 0.0, line + breaks
    return words


def _written(token: str) -> str:
    """Return a token without its tabs and spaces as signs, and not too long."""
    shown = token.replace("␣", "\u00a0").replace("⇥", "\u00a0" * 4)
    return (shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…") or "∅"
