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


WIDTHS = {
    **dict.fromkeys("iIjl.,:;'|!`", 0.32),
    **dict.fromkeys('frt()[]{}"/\\-', 0.42),
    **dict.fromkeys("mwMW@%", 0.9),
    **dict.fromkeys("ABCDEFGHKNOPQRSTUVXYZ", 0.68),
}
"""Approximate widths of characters that are not as wide as most, in font sizes. Letters are fitted
to the sum, so these keep them from being stretched."""


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
        width = _width_of(shown, SMALL if is_small else SIZE) + padding
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


def _width_of(shown: str, size: float) -> float:
    known = [WIDTHS[each] for each in shown if each in WIDTHS]
    others = "".join(each for each in shown if each not in WIDTHS)
    return size * sum(known) + width_of(others, size)


def _written(token: str) -> str:
    """Return a token without its tabs and spaces as signs, and not too long."""
    shown = token.replace("␣", "\u00a0").replace("⇥", "\u00a0" * 4)
    return (shown if len(shown) <= LONGEST else shown[: LONGEST - 1] + "…") or "∅"
