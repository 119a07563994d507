"""The picture of the trace view: the paths from the inputs to a node, layer by layer."""

import numpy as np
from numpy.typing import NDArray

from attnwidget.frames import Frame, Workspace
from attnwidget.frames.paths import PathsWant, paths_frame
from attnwidget.methods.progress import Progress
from attnwidget.picture.colormap import STEPS, colors_of
from attnwidget.picture.document import Drawing
from attnwidget.picture.palette import head_color
from attnwidget.picture.svg import element, group, number, text, turned
from attnwidget.picture.theme import Theme
from attnwidget.picture.words import SMALL, counted, percent, shown_number, written
from attnwidget.picture.written_rule import written_in_words, written_rules_across
from attnwidget.shared import LIMITS
from attnwidget.views.trace.layout import LEAN, Layout, layout_nodes

BAR = 40.0
THINNEST = 0.4

Floats = NDArray[np.float32]


def draw_trace(
    workspace: Workspace,
    want: PathsWant,
    coverage: float,
    theme: Theme,
    progress: Progress = None,
    room: float | None = None,
) -> Drawing:
    """Draw the fewest edges of every step that carry `coverage` of its content.

    The width of an edge is proportional to its share. The colour of a node follows the square root
    of its share. Tokens for which there is no `room`, in pixels, are left out with their edges.
    """
    frame = paths_frame(workspace, want, progress)
    layout = layout_nodes(workspace.trace, want.scores.stream, room, _marked(frame, want))
    carrying = _strongest(frame, coverage)
    drawn = [at for at in carrying if _is_in(frame, layout, at)]
    shares = np.asarray(frame.arrays["shares"], np.float32)
    body = [
        _guides(_names(frame), layout, theme),
        _edges(frame, layout, drawn, theme),
        _nodes(shares, layout, theme),
        _ring(frame, want, layout, theme),
        *_labels(layout, theme),
        *_rules(layout, theme),
        _bars(np.asarray(frame.arrays["arriving"], np.float32), layout, theme),
    ]
    bottom = layout.y(0) + 10 + layout.room
    notes = _notes(frame, want, layout, coverage, len(drawn))
    notes += written_in_words(layout.tokens)
    if not layout.window.is_whole:
        hidden = counted(len(carrying) - len(drawn), "edge")
        notes += [layout.window.left_out("tokens"), f"{hidden} to them"]
    return Drawing(layout.width, bottom + BAR, body, notes)


def _is_in(frame: Frame, layout: Layout, edge: int) -> bool:
    """Return whether both ends of an edge are drawn."""
    ends = (int(np.asarray(frame.arrays[name])[edge]) for name in ("uppers", "lowers"))
    return all(layout.window.first <= end < layout.window.end for end in ends)


def _strongest(frame: Frame, coverage: float) -> list[int]:
    totals = np.asarray(frame.arrays["shares"], np.float64).sum(1)
    steps = np.asarray(frame.arrays["steps"]).astype(int)
    carried = np.zeros(len(totals))
    drawn = []
    for at, share in enumerate(np.asarray(frame.arrays["edges"], np.float64)):
        step = steps[at]
        enough = coverage * totals[step] * (1 - LIMITS["trace_view"]["tolerance"])
        if share <= 0 or (coverage < 1 and carried[step] >= enough):
            continue
        carried[step] += share
        drawn.append(at)
    return drawn


def _edges(frame: Frame, layout: Layout, drawn: list[int], theme: Theme) -> str:
    steps, uppers, lowers = (
        np.asarray(frame.arrays[name]).astype(int) for name in ("steps", "uppers", "lowers")
    )
    shares = np.asarray(frame.arrays["edges"], np.float64)
    largest = max((float(shares[at]) for at in drawn), default=1.0)
    thickest = max(4.0, min(12.0, layout.pitch * 0.4, layout.row * 0.3))
    children = []
    for at in reversed(drawn):
        strength = float(shares[at]) / largest
        top, bottom = layout.y(int(steps[at]) + 1), layout.y(int(steps[at]))
        start, end = number(layout.x(int(uppers[at]))), number(layout.x(int(lowers[at])))
        middle = number((top + bottom) / 2)
        curve = f"M{start} {number(top)}C{start} {middle} {end} {middle} {end} {number(bottom)}"
        children.append(
            element(
                "path",
                d=curve,
                stroke_width=max(THINNEST, thickest * strength),
                stroke_opacity=0.2 + 0.6 * strength**0.5,
            )
        )
    return group(children, fill="none", stroke=head_color(None, theme))


def _nodes(shares: Floats, layout: Layout, theme: Theme) -> str:
    total = float(shares.sum(1).max()) or 1.0
    colors = colors_of("ink", theme)
    radius = max(2.5, min(7.0, layout.pitch * 0.24, layout.row * 0.17))
    children = []
    window = layout.window
    for (level, place), share in np.ndenumerate(shares[:, window.first : window.end]):
        index = place + window.first
        part = float(share) / total
        is_blank = part < LIMITS["trace_view"]["negligible"]
        step = round(min(1.0, max(0.0, part)) ** 0.5 * (STEPS - 1))
        children.append(
            element(
                "circle",
                cx=layout.x(index),
                cy=layout.y(level),
                r=radius * (0.4 if is_blank else 1.0),
                fill=theme.paper if is_blank else colors[step],
                stroke=theme.rule if is_blank else head_color(None, theme),
            )
        )
    return group(children, stroke_width=0.8)


def _ring(frame: Frame, want: PathsWant, layout: Layout, theme: Theme) -> str:
    """Return rings around the traced node and the node that all paths go through."""
    window = layout.window
    marked = [each for each in _marked(frame, want) if window.first <= each[1] < window.end]
    radius = max(2.5, min(7.0, layout.pitch * 0.24, layout.row * 0.17)) + 3
    circles = [
        element("circle", cx=layout.x(index), cy=layout.y(level), r=radius)
        for level, index in marked
    ]
    return group(circles, fill="none", stroke=head_color(None, theme), stroke_width=2.0)


def _marked(frame: Frame, want: PathsWant) -> list[tuple[int, int]]:
    """Return the level and the index of the traced node, and of one that paths go through."""
    sink = frame.fields["sink"]
    via = (0, int(sink)) if sink is not None else want.via
    traced = _traced(frame, want)
    return [traced] if via is None else [traced, via]


def _traced(frame: Frame, want: PathsWant) -> tuple[int, int]:
    shares = np.asarray(frame.arrays["shares"], np.float32)
    level = len(shares) - 1 if want.level is None else want.level
    return level, int(shares[level].argmax()) if want.index is None else want.index


def _guides(names: list[str], layout: Layout, theme: Theme) -> str:
    right = layout.x(layout.window.end - 1)
    children = []
    for level, name in enumerate(names):
        y = layout.y(level)
        rule = f"M{number(layout.gutter)} {number(y)}H{number(right)}"
        children += [
            element("path", d=rule, stroke=theme.rule),
            text(name, layout.gutter - 8, y, text_anchor="end", dominant_baseline="central"),
        ]
    return group(children, font_size=SMALL, fill=theme.muted)


def _names(frame: Frame) -> list[str]:
    """Return the name of every level, the inputs first."""
    steps = frame.fields["levels"]
    return ["inputs", *(_step_name(step, steps) for step in steps)]


def _step_name(step: dict[str, object], steps: list[dict[str, object]]) -> str:
    is_one_stack = len({each["stream"] for each in steps}) == 1
    return f"{'layer' if is_one_stack else step['stream']} {step['number']}"


def _labels(layout: Layout, theme: Theme) -> list[str]:
    """Return the tokens above the highest level and below the inputs."""
    if not layout.is_leaning:
        places = [layout.y(layout.levels - 1) - 16, layout.y(0) + 22]
        return [
            group(
                [text(written(token), layout.x(at), y) for at, token in layout.shown],
                font_size=SMALL,
                text_anchor="middle",
            )
            for y in places
        ]
    rows = []
    for y, anchor in ((layout.y(layout.levels - 1) - 12, "start"), (layout.y(0) + 14, "end")):
        labels = [turned(written(token), layout.x(at) + 3, y, -LEAN) for at, token in layout.shown]
        rows.append(group(labels, font_size=SMALL, text_anchor=anchor))
    return rows


def _rules(layout: Layout, theme: Theme) -> list[str]:
    """Return rules between the tokens that the model wrote and their nodes."""
    written = layout.tokens.written[layout.window.first : layout.window.end]
    half = layout.pitch / 2
    ends = [(layout.x(at) - half, layout.x(at) + half) for at, _ in layout.shown]
    places = layout.y(layout.levels - 1) - 11, layout.y(0) + 11
    return [line for y in places for line in written_rules_across(written, ends, y, theme)]


def _bars(arriving: Floats, layout: Layout, theme: Theme) -> str:
    """Return a bar below every input for its share; the largest share has full length."""
    top = layout.y(0) + 12 + layout.room
    largest = float(arriving.max()) or 1.0
    bars = [
        element(
            "rect",
            x=layout.x(at) - 0.3 * layout.pitch,
            y=top,
            width=0.6 * layout.pitch,
            height=(BAR - 4) * float(share) / largest,
        )
        for at, share in enumerate(arriving)
        if layout.window.first <= at < layout.window.end
    ]
    return group(bars, fill=head_color(None, theme), fill_opacity=0.75)


def _notes(frame: Frame, want: PathsWant, layout: Layout, coverage: float, drawn: int) -> list[str]:
    names = _names(frame)

    def place(level: int, index: int) -> str:
        return f"{written(layout.tokens.text[index])} ({index}) at {names[level]}"

    notes = ["traced: " + place(*_traced(frame, want))]
    sink = frame.fields["sink"]
    if sink is not None:
        notes.append(f"the flow from {place(0, sink)}")
    elif want.via is not None:
        notes.append(f"through {place(*want.via)}")
    notes.append(f"{counted(drawn, 'edge')} that carry {percent(coverage)} of each step")
    largest = float(np.asarray(frame.arrays["arriving"]).max())
    notes.append("a node’s colour goes by the root of its share")
    return [*notes, f"bars: what arrives at the inputs, at most {shown_number(largest)}"]
