"""Places of nodes in the picture of the trace view."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians, sin

from attnwidget.methods.nodes import nodes_of
from attnwidget.picture.window import Window, window_of
from attnwidget.picture.words import SMALL, room_for
from attnwidget.trace import Tokens, Trace

GUTTER = 78.0
WIDTH = 640.0
LEAN = 55.0
"""Angle in degrees of labels that do not fit side by side."""

NARROWEST, WIDEST = 17.0, 96.0
MARGINS = 400.0
"""Width of what stands beside the nodes: margins, the names of levels, the ends of labels."""


@dataclass(frozen=True)
class Layout:
    """Places in pixels.

    Attributes
    ----------
    tokens
        The token of each of the N nodes of a level.
    pitch, row
        Distance between nodes, and between levels.
    levels
        Number of levels, including the inputs.
    room
        Height of the labels above and below.
    is_leaning
        Whether labels are turned.
    gutter
        Width left of the nodes, for the names of levels and the ends of turned labels.
    width
        Width of the whole layout.
    window
        The nodes that are drawn.
    """

    tokens: Tokens
    pitch: float
    row: float
    levels: int
    room: float
    is_leaning: bool
    gutter: float
    width: float
    window: Window

    @property
    def shown(self) -> list[tuple[int, str]]:
        """The index and the text of each token that is drawn."""
        return [(at, self.tokens.text[at]) for at in range(self.window.first, self.window.end)]

    def x(self, index: int) -> float:
        """Return the horizontal place of a token."""
        return self.gutter + self.pitch * (index - self.window.first + 0.5)

    def y(self, level: int) -> float:
        """Return the vertical place of a level; the inputs are at the bottom."""
        return self.room + 10 + self.row * (self.levels - 1 - level)


def layout_nodes(
    trace: Trace,
    stream: str,
    room: float | None = None,
    marked: Sequence[tuple[int, int]] = (),
) -> Layout:
    """Return the layout of the nodes that include a stream's tokens.

    Parameters
    ----------
    trace
        The trace.
    stream
        Name of the stream.
    room
        Largest width in pixels, beyond which nodes are left out; None without one.
    marked
        Level and index of nodes that matter.
    """
    nodes = nodes_of(trace, stream)
    tokens = nodes.sublayers[-1].stream.queries
    if nodes.num_nodes > len(tokens):
        tokens = tokens.followed_by(nodes.sublayers[0].stream.queries)
    room = None if room is None else room - MARGINS
    window = window_of(len(tokens), room, NARROWEST, [index for _, index in marked])
    drawn = tokens.text[window.first : window.end]
    longest = room_for(drawn, SMALL)
    levels = len(nodes.sublayers) + 1
    row = min(60.0, max(26.0, 420.0 / (levels - 1)))
    is_leaning = longest + 8 > max(WIDTH / len(drawn), NARROWEST)
    if is_leaning:
        pitch = max(NARROWEST, min(WIDTH / len(drawn), WIDEST))
        height = longest * sin(radians(LEAN)) + SMALL * cos(radians(LEAN)) + 6
    else:
        pitch, height = max(longest + 8, min(WIDTH / len(drawn), WIDEST)), SMALL + 8
    middles = [pitch * (at + 0.5) for at in range(len(drawn))]
    reach = [cos(radians(LEAN)) * room_for([token], SMALL) * is_leaning for token in drawn]
    gutter = max(GUTTER, *(far - x for far, x in zip(reach, middles, strict=True)))
    right = max(pitch * len(drawn), *(far + x + 8 for far, x in zip(reach, middles, strict=True)))
    return Layout(tokens, pitch, row, levels, height, is_leaning, gutter, gutter + right, window)
