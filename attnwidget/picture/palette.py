"""Colours of heads, as in js/draw/palette.ts."""

from attnwidget.picture.theme import Theme
from attnwidget.shared import COLORS


def head_color(head: int | None, theme: Theme) -> str:
    """Return a head's colour; None is all heads fused."""
    if head is None:
        return COLORS["accent"][theme.name]
    colors = COLORS["heads"][theme.name]
    return colors[head % len(colors)]


def head_dash(head: int | None) -> str | None:
    """Return the line pattern of a head among heads of one colour; None: a solid line."""
    dashes = COLORS["dashes"]
    times_used = 0 if head is None else head // len(COLORS["heads"]["light"])
    dash = dashes[min(times_used, len(dashes) - 1)]
    return " ".join(f"{length:g}" for length in dash) or None
