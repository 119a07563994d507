"""Colours of heads and of signs, as in js/draw/palette.ts."""

from attnwidget.picture.theme import Theme
from attnwidget.shared import COLORS


def head_color(head: int | None, theme: Theme) -> str:
    """Return a head's colour; None is all heads fused."""
    if head is None:
        return COLORS["accent"][theme.name]
    colors = COLORS["heads"][theme.name]
    return colors[head % len(colors)]


def sign_color(value: float, theme: Theme) -> str:
    """Return the colour of positive or of negative values; zero is positive."""
    return COLORS["signs"][theme.name]["negative" if value < 0 else "positive"]


def head_dash(head: int | None) -> str | None:
    """Return the line pattern of a head among heads of one colour; None: a solid line."""
    dashes = COLORS["dashes"]
    times_used = 0 if head is None else head // len(COLORS["heads"]["light"])
    dash = dashes[min(times_used, len(dashes) - 1)]
    return " ".join(f"{length:g}" for length in dash) or None
