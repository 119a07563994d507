"""The picture of the head view: a line for every connection."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from attnwidget.frames import RowsWant, VisibleRows, Workspace, rows_frame
from attnwidget.methods.progress import Progress
from attnwidget.picture.document import Drawing
from attnwidget.picture.lines import Lines, collect_lines
from attnwidget.picture.palette import head_color, head_dash
from attnwidget.picture.svg import element, group, number, text
from attnwidget.picture.theme import Theme
from attnwidget.picture.words import SMALL, counted, percent, room_for, width_of, written
from attnwidget.trace import Tokens

BAND = 300
"""Distance between the columns of tokens, in pixels."""

TITLE = 22
ROW = 20
SEGMENT_GAP = 10
GAP = 6
THINNEST, THICKEST = 0.5, 4.0

Heights = NDArray[np.float64]


def draw_head(
    workspace: Workspace,
    shown: VisibleRows,
    coverage: float,
    pins: list[dict[str, Any]],
    theme: Theme,
    progress: Progress = None,
    most: int | None = None,
) -> Drawing:
    """Draw the visible rows: the fewest lines that hold `coverage` of each row.

    Width and opacity of a line grow with the square root of its weight; the width ranges from 0.5
    pixels to 4 for the largest weight. At most `most` lines are drawn, the strongest; None is the
    largest number that a picture allows.
    """
    stream = workspace.trace[shown.scores.stream]
    frame = rows_frame(workspace, RowsWant(shown, full=coverage >= 1), progress)
    lines = collect_lines(frame, coverage, pins, most)
    heads: list[int | None] = [None] if shown.scores.fused else [*(shown.scores.heads or ())]
    left = max(room_for(stream.queries.text), width_of("from (query)", SMALL))
    right = max(room_for(stream.keys.text), width_of("to (key)", SMALL))
    top = TITLE + (_legend_height(heads, left + BAND + right) if len(heads) > 1 else 0)
    queries, keys = _middles(stream.queries, top), _middles(stream.keys, top)
    ends = (left + GAP, left + BAND - GAP)
    body = [
        *(_legend(heads, left + BAND + right, theme) if len(heads) > 1 else ()),
        text("from (query)", left, top - 8, text_anchor="end", font_size=SMALL, fill=theme.muted),
        text("to (key)", left + BAND, top - 8, font_size=SMALL, fill=theme.muted),
        *_lines(lines, heads, ends, (queries, keys), theme),
        _column(stream.queries, queries, left, "end", _pinned(pins, "query"), theme),
        _column(stream.keys, keys, left + BAND, "start", _pinned(pins, "key"), theme),
    ]
    height = max(queries[-1], keys[-1]) + ROW / 2
    return Drawing(left + BAND + right, height, body, _notes(lines, coverage, pins))


def _middles(tokens: Tokens, top: float) -> Heights:
    """Return the height of each token; the pieces of a word are closer to one another."""
    heights = np.empty(len(tokens))
    y = float(top)
    for place in range(len(tokens)):
        if place and tokens.segments[place] != tokens.segments[place - 1]:
            y += SEGMENT_GAP
        ends_word = place + 1 == len(tokens) or not tokens.continues[place + 1]
        row = ROW if ends_word and not tokens.continues[place] else ROW - 3
        heights[place] = y + row / 2
        y += row
    return heights


def _column(
    tokens: Tokens, middles: Heights, x: float, anchor: str, pinned: set[int], theme: Theme
) -> str:
    children = [
        text(
            written(token),
            x,
            middles[place],
            fill=theme.muted if tokens.special[place] else None,
            font_weight="bold" if place in pinned else None,
        )
        for place, token in enumerate(tokens.text)
    ]
    return group(children, text_anchor=anchor, dominant_baseline="central")


def _lines(
    lines: Lines,
    heads: list[int | None],
    ends: tuple[float, float],
    middles: tuple[Heights, Heights],
    theme: Theme,
) -> list[str]:
    """Return a group of lines for each head; the ends of several heads lie side by side."""
    left, right = ends
    between = number((left + right) / 2)
    largest = float(lines.weight.max(initial=0.0)) or 1.0
    strength = np.sqrt(lines.weight / largest)
    crowd = min(1.0, float(np.log10(max(1.0, len(strength) / 10))) / 2.5)
    faintest = 0.32 - 0.26 * crowd
    opacity = faintest + (0.95 - faintest) * strength ** (1 + 1.4 * crowd)
    width = THINNEST + (THICKEST - THINNEST) * strength
    step = min(2.0, 0.6 * ROW / len(heads))
    groups = []
    for place, head in enumerate(heads):
        shift = (place - (len(heads) - 1) / 2) * step
        children = []
        for at in np.flatnonzero(lines.head == place):
            start = number(middles[0][lines.query[at]] + shift)
            end = number(middles[1][lines.key[at]] + shift)
            curve = f"M{number(left)} {start}C{between} {start} {between} {end} "
            children.append(
                element(
                    "path",
                    d=f"{curve}{number(right)} {end}",
                    stroke_width=float(width[at]),
                    stroke_opacity=float(opacity[at]),
                )
            )
        color, dash = head_color(head, theme), head_dash(head)
        groups.append(group(children, fill="none", stroke=color, stroke_dasharray=dash))
    return groups


def _legend_places(heads: list[int | None], width: float) -> list[tuple[float, float]]:
    """Return the place of each head's entry, in as many rows as the width requires."""
    pitch = 20 + max(width_of(f"head {head}", SMALL) for head in heads) + 12
    columns = max(1, int((width + 12) // pitch))
    return [(pitch * (place % columns), 18.0 * (place // columns)) for place in range(len(heads))]


def _legend_height(heads: list[int | None], width: float) -> float:
    return _legend_places(heads, width)[-1][1] + 26


def _legend(heads: list[int | None], width: float, theme: Theme) -> list[str]:
    entries = []
    for head, (x, y) in zip(heads, _legend_places(heads, width), strict=True):
        line = f"M{number(x)} {number(y + 7)}h16"
        color, dash = head_color(head, theme), head_dash(head)
        entries += [
            element("path", d=line, stroke=color, stroke_width=3.0, stroke_dasharray=dash),
            text(f"head {head}", x + 20, y + 11, font_size=SMALL),
        ]
    return entries


def _pinned(pins: list[dict[str, Any]], side: str) -> set[int]:
    return {pin["index"] for pin in pins if pin["side"] == side}


def _notes(lines: Lines, coverage: float, pins: list[dict[str, Any]]) -> list[str]:
    drawn = len(lines.weight)
    of_what = "the strongest of those that hold" if drawn < lines.covering else "holding"
    share = "every row" if coverage >= 1 else f"{percent(coverage)} of each row"
    notes = [f"{counted(drawn, 'line')}, {of_what} {share}"]
    if pins:
        notes.append("only those of the tokens in bold")
    return notes
