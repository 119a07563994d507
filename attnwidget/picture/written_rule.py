"""The rule beside tokens that the model wrote."""

from collections.abc import Sequence
from itertools import groupby

from attnwidget.picture.svg import element, number
from attnwidget.picture.theme import Theme
from attnwidget.trace import Tokens

THICKNESS = 1.5


def written_rules(
    written: Sequence[bool], ends: Sequence[tuple[float, float]], at: float, theme: Theme
) -> list[str]:
    """Return a rule down along the tokens that the model wrote, nothing if it wrote none.

    Parameters
    ----------
    written
        True for each token that the model wrote.
    ends
        The top and the bottom of each token in pixels.
    at
        The horizontal place of the rule in pixels.
    """
    lines = [f"M{number(at)} {number(a)}V{number(b)}" for a, b in _joined(written, ends)]
    return _drawn(lines, theme)


def written_rules_across(
    written: Sequence[bool], ends: Sequence[tuple[float, float]], at: float, theme: Theme
) -> list[str]:
    """Return a rule across as `written_rules` does down: left and right ends, vertical place."""
    lines = [f"M{number(a)} {number(at)}H{number(b)}" for a, b in _joined(written, ends)]
    return _drawn(lines, theme)


def written_in_words(tokens: Tokens) -> list[str]:
    """Return a note on the tokens that the model wrote, nothing if it wrote none."""
    count = tokens.num_written
    whole = f"{count:,} of {len(tokens):,} tokens"
    return [f"beside the rule: written by the model ({whole})"] if count else []


def _joined(
    written: Sequence[bool], ends: Sequence[tuple[float, float]]
) -> list[tuple[float, float]]:
    """Return the ends of each stretch of written tokens."""
    pairs = zip(written, ends, strict=True)
    runs = [list(run) for is_written, run in groupby(pairs, lambda pair: pair[0]) if is_written]
    return [(run[0][1][0], run[-1][1][1]) for run in runs]


def _drawn(lines: list[str], theme: Theme) -> list[str]:
    if not lines:
        return []
    rule = theme.muted
    return [element("path", d="".join(lines), fill="none", stroke=rule, stroke_width=THICKNESS)]
