"""The legend of a colour scale."""

from attnwidget.picture.colormap import STEPS
from attnwidget.picture.scale import Scale
from attnwidget.picture.svg import element, group, text
from attnwidget.picture.theme import Theme
from attnwidget.picture.words import SMALL, shown_number

BAR_WIDTH = 64.0
HEIGHT = 140.0
THICKNESS = 12.0
EVERY = 4
"""Steps of one rectangle."""


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
