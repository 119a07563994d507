"""A legend of lines: what their colours and patterns mean."""

from typing import NamedTuple

from attnwidget.picture.document import Drawing
from attnwidget.picture.svg import element, number, text
from attnwidget.picture.words import SMALL, width_of

LEGEND_ROW = 18.0
"""Height of a row of entries, in pixels."""

LINE, GAP, SPACE = 16, 4.0, 12.0
"""Length of a line, gap to its words, space to the next entry, in pixels."""


class Entry(NamedTuple):
    """A line and its words."""

    words: str
    color: str
    dash: str | None = None


def lay_legend(entries: list[Entry], width: float) -> Drawing:
    """Return the entries, evenly spaced, in as many rows as the width requires."""
    pitch = LINE + GAP + max(width_of(entry.words, SMALL) for entry in entries) + SPACE
    columns = max(1, int((width + SPACE) // pitch))
    body = []
    for place, (words, color, dash) in enumerate(entries):
        x, y = pitch * (place % columns), LEGEND_ROW * (place // columns)
        line = f"M{number(x)} {number(y + 7)}h{LINE}"
        body += [
            element("path", d=line, stroke=color, stroke_width=3.0, stroke_dasharray=dash),
            text(words, x + LINE + GAP, y + 11, font_size=SMALL),
        ]
    rows = -(-len(entries) // columns)
    return Drawing(pitch * min(columns, len(entries)) - SPACE, LEGEND_ROW * rows, body)
