"""Legends of colour scales."""

from attnwidget.methods.method import Method
from attnwidget.picture.colormap import STEPS, colors_of
from attnwidget.picture.document import Drawing
from attnwidget.picture.scale import Scale
from attnwidget.picture.svg import element, group, text
from attnwidget.picture.theme import Theme
from attnwidget.picture.words import SMALL, shown_number, width_of

BAR_WIDTH = 64.0
HEIGHT = 140.0
THICKNESS = 12.0
EVERY = 4
"""Colour steps per rectangle."""

LENGTH, GAP = 96.0, 6.0
"""Length of a level bar, and the gap between it and its words."""


def color_bar(scale: Scale, colors: tuple[str, ...], theme: Theme) -> list[str]:
    """Return an upright bar with its values, the largest at the top, from (0, 0)."""
    part = HEIGHT * EVERY / STEPS
    bar = [
        element(
            "rect",
            y=HEIGHT - part * (place + 1),
            width=THICKNESS,
            height=part,
            fill=colors[place * EVERY + EVERY // 2],
        )
        for place in range(STEPS // EVERY)
    ]
    ticks = [
        text(shown_number(value), THICKNESS + 6, SMALL / 2 + (HEIGHT - SMALL) * (1 - place))
        for place, value in scale.ticks()
    ]
    return [
        group(bar, shape_rendering="crispEdges"),
        group(ticks, font_size=SMALL, fill=theme.muted, dominant_baseline="central"),
    ]


def sign_bar(method: Method, most: float, theme: Theme) -> Drawing:
    """Return a level bar of a signed method, from the most negative to the most positive."""
    raises, lowers = method.signs
    ends = shown_number(most)
    return level_bar(colors_of("signed", theme), f"−{ends} {lowers}", f"+{ends} {raises}", theme)


def level_bar(colors: tuple[str, ...], before: str, after: str, theme: Theme) -> Drawing:
    """Return a level bar between words."""
    left = width_of(before, SMALL) + GAP
    part = LENGTH * EVERY / STEPS
    bar = [
        element(
            "rect",
            x=left + part * place,
            width=part,
            height=10.0,
            fill=colors[place * EVERY + EVERY // 2],
        )
        for place in range(STEPS // EVERY)
    ]
    right = left + LENGTH + GAP
    words = [text(before, 0, 9), text(after, right, 9)]
    body = [
        group(bar, shape_rendering="crispEdges"),
        group(words, font_size=SMALL, fill=theme.muted),
    ]
    return Drawing(right + width_of(after, SMALL), 10, body)
