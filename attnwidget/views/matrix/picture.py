"""The picture of the matrix view: queries down, keys across."""

from dataclasses import dataclass, replace
from math import ceil, floor, log10, sqrt

import numpy as np

from attnwidget.frames import Frame, MatrixOf, Workspace
from attnwidget.frames.halves import from_halves
from attnwidget.frames.matrix import MatrixWant, matrix_frame
from attnwidget.methods.progress import Progress
from attnwidget.methods.registry import METHODS, method_of
from attnwidget.picture.caption import layers_in_words, scores_in_words
from attnwidget.picture.cells import cell_paths, cell_pixels
from attnwidget.picture.color_bar import BAR_WIDTH, color_bar
from attnwidget.picture.colormap import colors_of, is_light
from attnwidget.picture.document import Drawing
from attnwidget.picture.scale import Scale
from attnwidget.picture.svg import element, group, moved, text, turned
from attnwidget.picture.theme import Theme
from attnwidget.picture.words import SIZE, SMALL, filled, room_for, shown_number, width_of, written
from attnwidget.picture.written_rule import (
    written_in_words,
    written_rules,
    written_rules_across,
)
from attnwidget.shared import COLORS
from attnwidget.trace import Stream, Trace

LARGEST_CELL = 40.0
SIDE = {1: 560.0, 2: 360.0}
SIDE_OF_MANY = 200.0
"""Longest side of a matrix in pixels if there are more than two; `SIDE` is for one and two."""

SIZE_OF_CELLS = 192
"""Most cells along each side; longer inputs are pooled."""

PITCH = 14.0
"""Smallest distance between labels, in pixels."""

VALUES_FROM = 28.0
"""Smallest cell that shows its value, in pixels."""

VALUE_SIZE = SMALL - 0.5
"""Font size of values in cells, in pixels."""

SPACE = 28.0

LINE = 18.0
"""Height of a title, in pixels."""


@dataclass(frozen=True)
class MatrixOptions:
    """Options for drawing matrices.

    Attributes
    ----------
    colormap, scale, theme
        The traits of these names.
    as_pixels
        Draw cells as pixels, in far fewer bytes, instead of as squares.
    """

    colormap: str
    scale: str
    theme: Theme
    as_pixels: bool = False


def draw_matrices(
    workspace: Workspace,
    matrices: list[MatrixOf],
    options: MatrixOptions,
    progress: Progress = None,
) -> Drawing:
    """Draw one matrix or several on one scale of colours; those with signs have one of their own.

    Each cell is one pair of tokens or, for inputs longer than 192 tokens, the largest value that it
    covers; of values with signs that of largest magnitude.
    """
    wants = [MatrixWant(matrix, size=SIZE_OF_CELLS) for matrix in matrices]
    frames = [matrix_frame(workspace, want, progress) for want in wants]
    scales = [_scale(matrix, matrices, frames, options) for matrix in matrices]
    stream = workspace.trace[matrices[0].shown.scores.stream]
    side = SIDE.get(len(matrices), SIDE_OF_MANY)
    panels = [
        _panel(stream, frame, scale, options, side)
        for frame, scale in zip(frames, scales, strict=True)
    ]
    has_one_scale = len(set(scales)) == 1
    if not has_one_scale:
        panels = [
            _with_bar(panel, scale, options) for panel, scale in zip(panels, scales, strict=True)
        ]
    titles = [_title(workspace.trace, matrix, len(matrices)) for matrix in matrices]
    drawing = _arranged(panels, titles)
    if has_one_scale:
        drawing = _with_bar(drawing, scales[0], options)
    notes = [*_notes(frames[0], stream, scales), *_signs(matrices)]
    return replace(drawing, notes=[*notes, *_ranges(matrices, frames, scales)])


def _ranges(matrices: list[MatrixOf], frames: list[Frame], scales: list[Scale]) -> list[str]:
    """Return the smallest and the largest value on each scale."""
    ranges: dict[Scale, tuple[str, float, float]] = {}
    for matrix, frame, scale in zip(matrices, frames, scales, strict=True):
        name, low, high = ranges.get(scale, (matrix.shown.scores.method, np.inf, -np.inf))
        low, high = min(low, frame.fields["low"]), max(high, frame.fields["high"])
        ranges[scale] = name, low, high
    return [
        f"{METHODS[name].title if len(ranges) > 1 else 'values'} "
        f"{shown_number(low)} to {shown_number(high)}"
        for name, low, high in ranges.values()
    ]


def _scale(
    matrix: MatrixOf, matrices: list[MatrixOf], frames: list[Frame], options: MatrixOptions
) -> Scale:
    """Return the scale of a matrix: that of all matrices with signs, or of all without."""
    alike = [
        frame.fields
        for frame, other in zip(frames, matrices, strict=True)
        if other.signed == matrix.signed
    ]
    low, high = min(each["low"] for each in alike), max(each["high"] for each in alike)
    return Scale.over(low, high, options.scale, is_signed=matrix.signed)


def _colors(scale: Scale, options: MatrixOptions) -> tuple[str, ...]:
    return colors_of("signed" if scale.is_signed else options.colormap, options.theme)


def _with_bar(drawing: Drawing, scale: Scale, options: MatrixOptions) -> Drawing:
    bar = color_bar(scale, _colors(scale, options), options.theme)
    body = [*drawing.body, moved(bar, drawing.width + 16, 0)]
    return replace(drawing, width=drawing.width + 16 + BAR_WIDTH, body=body)


def _signs(matrices: list[MatrixOf]) -> list[str]:
    """Return what the colours of signs say, if it is the same in all matrices with signs."""
    signs = {method_of(each.shown.scores).signs for each in matrices if each.signed}
    if len(signs) != 1 or any(matrix.minus for matrix in matrices):
        return []
    raises, lowers = signs.pop()
    return [f"+ (blue) {raises}, − (orange) {lowers}"]


def _panel(
    stream: Stream,
    frame: Frame,
    scale: Scale,
    options: MatrixOptions,
    side: float,
) -> Drawing:
    """Return one matrix with its tokens."""
    cells = from_halves(frame, "cells")
    queries, keys = len(stream.queries), len(stream.keys)
    pitch = min(LARGEST_CELL, side / max(queries, keys))
    left = room_for(stream.queries.text, SMALL) + 8
    top = room_for(stream.keys.text, SMALL) + 8
    width, height = pitch * keys, pitch * queries
    rows, columns = cells.shape
    blank = np.zeros(cells.shape, bool)
    if stream.causal:
        blank = np.triu(np.ones_like(blank), 1) & (cells == 0)
    steps, colors = scale.steps(cells), _colors(scale, options)
    draw = cell_pixels if options.as_pixels else cell_paths
    drawn = draw(steps, colors, (width / columns, height / rows), blank)
    digits = digits_for(scale)
    if pitch >= VALUES_FROM and width_of("−." + "0" * digits, VALUE_SIZE) <= pitch:
        drawn.append(_values(cells, steps, colors, pitch, blank, digits))
    frame_line = options.theme.rule
    drawn.append(element("rect", width=width, height=height, fill="none", stroke=frame_line))
    every = ceil(PITCH / pitch)
    size = SMALL
    down = [
        text(written(stream.queries.text[at]), left - 6, top + pitch * (at + 0.5))
        for at in range(0, queries, every)
    ]
    across = [
        turned(written(stream.keys.text[at]), left + pitch * (at + 0.5), top - 6, -90)
        for at in range(0, keys, every)
    ]
    body = [
        moved(drawn, left, top),
        group(down, text_anchor="end", dominant_baseline="central", font_size=size),
        group(across, dominant_baseline="central", font_size=size),
        *written_rules(
            stream.queries.written, _steps(queries, top, pitch), left - 3, options.theme
        ),
        *written_rules_across(
            stream.keys.written, _steps(keys, left, pitch), top - 3, options.theme
        ),
    ]
    return Drawing(left + width, top + height, body)


def _steps(count: int, start: float, pitch: float) -> list[tuple[float, float]]:
    return [(start + pitch * at, start + pitch * (at + 1)) for at in range(count)]


def digits_for(scale: Scale) -> int:
    """Return the digits after the point that show two of the largest value, as on the screen."""
    most = max(abs(scale.low), abs(scale.high))
    return max(2, 1 - floor(log10(most))) if most else 2


def _values(
    cells: np.ndarray,
    steps: np.ndarray,
    colors: tuple[str, ...],
    pitch: float,
    blank: np.ndarray,
    digits: int,
) -> str:
    ink = COLORS["cell_text"]
    written_cells = [
        text(
            shown,
            pitch * (column + 0.5),
            pitch * (row + 0.5),
            fill=ink["dark" if is_light(colors[steps[row, column]]) else "light"],
        )
        for (row, column), value in np.ndenumerate(cells)
        if not blank[row, column] and (shown := _short(float(value), digits))
    ]
    return group(
        written_cells, font_size=VALUE_SIZE, text_anchor="middle", dominant_baseline="central"
    )


def _short(value: float, digits: int) -> str:
    """Return ``".42"``, ``"−.07"``, ``"1.0"``; an empty string for values that round to zero."""
    rounded = f"{abs(value):.{digits}f}"
    if float(rounded) == 0:
        return ""
    shown = rounded[1:] if rounded.startswith("0") else f"{abs(value):.3g}"
    return f"−{shown}" if value < 0 else shown


def _arranged(panels: list[Drawing], titles: list[list[str]]) -> Drawing:
    """Return panels with their titles, side by side; many panels form a grid."""
    if len(panels) == 1:
        return panels[0]
    columns = len(panels) if len(panels) <= 2 else ceil(sqrt(len(panels)))
    headings = [
        filled(title, panel.width, SIZE, ", ") for panel, title in zip(panels, titles, strict=True)
    ]
    top = LINE * max(map(len, headings)) + 6
    width, height = panels[0].width + SPACE, panels[0].height + top + SPACE
    body = []
    for place, (panel, lines) in enumerate(zip(panels, headings, strict=True)):
        heading = [text(line, 0, SMALL + LINE * number) for number, line in enumerate(lines)]
        parts = [*heading, moved(panel.body, 0, top)]
        body.append(moved(parts, width * (place % columns), height * (place // columns)))
    rows = ceil(len(panels) / columns)
    return Drawing(width * columns - SPACE, height * rows - SPACE, body)


def _title(trace: Trace, matrix: MatrixOf, count: int) -> list[str]:
    """Return the title of one matrix of several; more than two matrices are titled by layer."""
    scores = matrix.shown.scores
    if count > 2:
        return [layers_in_words(trace, scores).removesuffix(" together")]
    return scores_in_words(trace, scores)


def _notes(frame: Frame, stream: Stream, scales: list[Scale]) -> list[str]:
    notes = ["rows: from (query), columns: to (key)", *written_in_words(stream.queries)]
    if not scales[0].is_linear:
        notes.append("colour by the square root")
    queries, keys = len(stream.queries), len(stream.keys)
    if np.asarray(frame.arrays["cells"]).shape != (queries, keys):
        which = "value of largest magnitude" if scales[0].is_signed else "largest value"
        notes.append(f"{queries:,} × {keys:,} tokens, a cell shows the {which} that it covers")
    return notes
