"""A drawing with its caption, as one SVG."""

from dataclasses import dataclass, field
from math import ceil

from attnwidget.picture.svg import FONTS, element, escaped, group, moved, number, text
from attnwidget.picture.theme import Theme
from attnwidget.picture.words import SIZE, SMALL, filled

MARGIN = 16
LINE = 16
LEAST_WIDTH = 320


@dataclass(frozen=True)
class Drawing:
    """The drawing of a view.

    Attributes
    ----------
    width, height
        In CSS pixels.
    body
        Elements, from (0, 0).
    notes
        Parts of the caption that explain the elements.
    """

    width: float
    height: float
    body: list[str]
    notes: list[str] = field(default_factory=list)


def document(drawing: Drawing, caption: list[str], theme: Theme) -> str:
    """Return the SVG: the drawing, and below it the caption, whose parts are put into lines."""
    inner = max(LEAST_WIDTH, drawing.width)
    parts = caption + drawing.notes
    lines = filled(parts, inner, SMALL)
    width = ceil(inner + 2 * MARGIN)
    height = ceil(drawing.height + 2 * MARGIN + 10 + LINE * len(lines))
    left = MARGIN + (inner - drawing.width) / 2
    below = MARGIN + drawing.height + 10 + SMALL
    written = [text(line, MARGIN, below + LINE * place) for place, line in enumerate(lines)]
    children = [
        element("title", escaped(" · ".join(parts))),
        element("rect", width=width, height=height, fill=theme.paper),
        moved(drawing.body, left, MARGIN),
        group(written, font_size=SMALL, fill=theme.muted),
    ]
    return element(
        "svg",
        "\n".join(children),
        xmlns="http://www.w3.org/2000/svg",
        width=width,
        height=height,
        viewBox=f"0 0 {number(width)} {number(height)}",
        role="img",
        font_family=FONTS,
        font_size=SIZE,
        fill=theme.ink,
    )
