"""The picture of the head view: a line for every connection."""

from typing import Any

import numpy as np
from numpy.typing import NDArray

from attnwidget.frames import RowsWant, VisibleRows, Workspace, rows_frame
from attnwidget.methods.method import Method
from attnwidget.methods.progress import Progress
from attnwidget.methods.registry import method_of
from attnwidget.picture.document import Drawing
from attnwidget.picture.legend import LEGEND_ROW, Entry, lay_legend
from attnwidget.picture.lines import Lines, collect_lines
from attnwidget.picture.palette import head_color, head_dash, sign_color
from attnwidget.picture.svg import element, group, number, text
from attnwidget.picture.theme import Theme
from attnwidget.picture.window import Window, window_of
from attnwidget.picture.words import (
    SMALL,
    counted,
    percent,
    room_for,
    signed_number,
    width_of,
    written,
)
from attnwidget.picture.written_rule import written_in_words, written_rules
from attnwidget.trace import Stream, Tokens

BAND = 300
"""Distance between the columns of tokens, in pixels."""

TITLE = 22
ROW = 20
SEGMENT_GAP = 10
MARGINS = 300
"""Height of what stands above and below the tokens: margins, a legend, the caption."""

GAP = 6
RULE = 3
"""Distance of lines, and of the rule at written tokens, from the columns in pixels."""

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
    room: float | None = None,
) -> Drawing:
    """Draw the visible rows: the fewest lines that hold `coverage` of each row.

    Width and opacity of a line grow with the square root of its magnitude; the width ranges from
    0.5 pixels to 4 for the largest. Lines of a signed method have the colours of their signs. At
    most `most` lines are drawn, the strongest; None is the largest number that a picture allows.
    Tokens for which there is no `room`, in pixels, are left out with their lines.
    """
    method = method_of(shown.scores)
    stream = workspace.trace[shown.scores.stream]
    frame = rows_frame(workspace, RowsWant(shown, full=coverage >= 1), progress)
    lines = collect_lines(frame, coverage, pins, most)
    heads: list[int | None] = [None] if shown.scores.fused else [*(shown.scores.heads or ())]
    windows = _windows(stream, pins, room)
    lines, hidden = lines.within(*windows)
    names = [
        tokens.part(slice(window.first, window.end))
        for tokens, window in zip((stream.queries, stream.keys), windows, strict=True)
    ]
    left = max(room_for(names[0].text), width_of("from (query)", SMALL))
    right = max(room_for(names[1].text), width_of("to (key)", SMALL))
    entries = _entries(method, heads, theme)
    legend = lay_legend(entries, left + BAND + right) if len(entries) > 1 else None
    top = TITLE + (legend.height + 26 - LEGEND_ROW if legend else 0)
    queries, keys = (_middles(each, top) for each in names)
    pinned = [
        {token - window.first for token in _pinned(pins, side)}
        for side, window in zip(("query", "key"), windows, strict=True)
    ]
    ends = (left + GAP, left + BAND - GAP)
    body = [
        *(legend.body if legend else ()),
        text("from (query)", left, top - 8, text_anchor="end", font_size=SMALL, fill=theme.muted),
        text("to (key)", left + BAND, top - 8, font_size=SMALL, fill=theme.muted),
        *_lines(lines, heads, ends, (queries, keys), theme, signed=method.signed),
        _column(names[0], queries, left, "end", pinned[0], theme),
        _column(names[1], keys, left + BAND, "start", pinned[1], theme),
        *written_rules(names[0].written, _ends(queries), left + RULE, theme),
        *written_rules(names[1].written, _ends(keys), left + BAND - RULE, theme),
    ]
    height = max(queries[-1], keys[-1]) + ROW / 2
    notes = _notes(lines, coverage, pins, method) + _left_out(windows, hidden)
    notes += written_in_words(stream.queries)
    return Drawing(left + BAND + right, height, body, notes)


def _windows(
    stream: Stream, pins: list[dict[str, Any]], room: float | None
) -> tuple[Window, Window]:
    """Return the queries and the keys that there is room for; of one sequence the same tokens."""
    room = None if room is None else room - MARGINS
    queries, keys = _pinned(pins, "query"), _pinned(pins, "key")
    if len(stream.queries) == len(stream.keys):
        queries = keys = queries | keys
    return (
        window_of(len(stream.queries), room, ROW, [*queries]),
        window_of(len(stream.keys), room, ROW, [*keys]),
    )


def _left_out(windows: tuple[Window, Window], hidden: int) -> list[str]:
    """Return what a picture without room for all tokens leaves out."""
    queries, keys = windows
    sides = [("tokens", queries)] if queries == keys else [("queries", queries), ("keys", keys)]
    notes = [window.left_out(name) for name, window in sides if not window.is_whole]
    return [*notes, f"{counted(hidden, 'line')} to them"] if hidden else notes


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


def _ends(middles: Heights) -> list[tuple[float, float]]:
    """Return the top and the bottom of the row of each token."""
    return [(middle - ROW / 2, middle + ROW / 2) for middle in middles.tolist()]


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
    *,
    signed: bool,
) -> list[str]:
    """Return a group of lines for each head; the ends of several heads lie side by side."""
    left, right = ends
    between = number((left + right) / 2)
    masses = np.abs(lines.weight)
    strength = np.sqrt(masses / (float(masses.max(initial=0.0)) or 1.0))
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
                    stroke=sign_color(lines.weight[at], theme) if signed else None,
                    stroke_width=float(width[at]),
                    stroke_opacity=float(opacity[at]),
                )
            )
        color = None if signed else head_color(head, theme)
        dash = head_dash(head)
        groups.append(group(children, fill="none", stroke=color, stroke_dasharray=dash))
    return groups


def _entries(method: Method, heads: list[int | None], theme: Theme) -> list[Entry]:
    """Return what the colours of lines mean: signs or, without signs, heads."""
    if method.signed:
        raises, lowers = method.signs
        return [
            Entry(f"+ {raises}", sign_color(1, theme)),
            Entry(f"− {lowers}", sign_color(-1, theme)),
        ]
    return [Entry(f"head {head}", head_color(head, theme), head_dash(head)) for head in heads]


def _pinned(pins: list[dict[str, Any]], side: str) -> set[int]:
    return {pin["index"] for pin in pins if pin["side"] == side}


def _notes(lines: Lines, coverage: float, pins: list[dict[str, Any]], method: Method) -> list[str]:
    drawn = len(lines.weight)
    of_what = "the strongest of those that hold" if drawn < lines.covering else "holding"
    share = "every row" if coverage >= 1 else f"{percent(coverage)} of each row"
    measure = "’s magnitudes, of either sign" if method.signed else ""
    notes = [f"{counted(drawn, 'line')}, {of_what} {share}{measure}"]
    if method.signed and drawn:
        notes.append(f"the strongest is {signed_number(float(lines.weight[-1]))}")
    if pins:
        notes.append("only those of the tokens in bold")
    return notes
