"""The picture of the model view: every head of every layer, small."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from attnwidget.frames import VisibleRows, Workspace
from attnwidget.frames.thumbnails import ThumbnailsWant, thumbnails_frame
from attnwidget.methods.progress import Progress
from attnwidget.methods.registry import METHODS
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.picture.cells import cell_paths, cell_pixels
from attnwidget.picture.color_bar import level_bar
from attnwidget.picture.colormap import STEPS, colors_of
from attnwidget.picture.document import Drawing
from attnwidget.picture.palette import head_color
from attnwidget.picture.svg import element, group, moved, number, text
from attnwidget.picture.theme import Theme
from attnwidget.picture.words import SMALL, shown_number
from attnwidget.shared import LIMITS
from attnwidget.trace import Stream
from attnwidget.views.model.ground import Ground, grounds_of, largest_importance

SIDE, SPACE, GUTTER, TOP = 52.0, 6.0, 22.0, 18.0

CELLS = 24
"""Most cells along each side; longer inputs are pooled."""

INSET = 3.0


def draw_model(
    workspace: Workspace,
    shown: VisibleRows,
    style: str,
    importance: Sequence[Sequence[float]] | None,
    theme: Theme,
    progress: Progress = None,
) -> Drawing:
    """Draw the heads of all layers on one scale.

    Parameters
    ----------
    style
        ``"lines"``, ``"matrix"``, or ``"pixels"``: a matrix in far fewer bytes.
    importance
        (layers, heads), which colours the ground of each head; None leaves the paper.
    """
    stream = workspace.trace[shown.scores.stream]
    per_head = METHODS[shown.scores.method].per_head
    heads = tuple(range(stream.num_heads)) if per_head else None
    layers = [
        _weights(workspace, replace(shown.scores, layer=layer, heads=heads), shown, progress)
        for layer in range(stream.num_layers)
    ]
    full = max(float(values.max()) for values in layers) or 1.0
    draw = _STYLES[style]
    columns = [GUTTER + head * (SIDE + SPACE) for head in range(len(layers[0]))]
    grounds = grounds_of(importance, theme) if importance and heads else None
    body = [_label(str(head), x + SIDE / 2, SMALL) for head, x in enumerate(columns) if heads]
    for layer, values in enumerate(layers):
        y = TOP + layer * (SIDE + SPACE)
        body.append(_label(str(layer), GUTTER / 2, y + SIDE / 2 + 4))
        for head, weights in enumerate(values):
            ground = None if grounds is None else grounds[layer][head]
            marks = [*draw(weights / full, ground, theme), _frame(theme)]
            body.append(moved(marks, columns[head], y))
    width, height = columns[-1] + SIDE, TOP + len(layers) * (SIDE + SPACE) - SPACE
    if grounds is not None and importance:
        most = shown_number(largest_importance(importance))
        legend = level_bar(colors_of("ink", theme), "ground: importance 0", most, theme)
        body.append(moved(legend.body, GUTTER, height + SPACE))
        width, height = max(width, GUTTER + legend.width), height + SPACE + legend.height
    return Drawing(width, height, body, _notes(stream, layers[0], style, full, heads is not None))


def _weights(
    workspace: Workspace, scores: ScoresOf, shown: VisibleRows, progress: Progress
) -> NDArray[np.float32]:
    """Return the largest weight in each cell, (H, rows, columns)."""
    want = ThumbnailsWant(replace(shown, scores=scores, pair_filter="all"), CELLS)
    frame = thumbnails_frame(workspace, want, progress)
    roots = np.asarray(frame.arrays["cells"], np.float32) / 255
    return np.square(roots) * np.float32(frame.fields["top"])


def _notes(
    stream: Stream, weights: NDArray[np.float32], style: str, full: float, per_head: bool
) -> list[str]:
    notes = ["rows: layers" + (", columns: heads" if per_head else "")]
    if style == "lines":
        notes.append("in each: left query, right key, lines from 10 % of a row’s strongest")
    else:
        notes.append("in each: down query, across key, colour by the square root")
    notes.append(f"full strength: {shown_number(full)}")
    if weights.shape[1:] != (len(stream.queries), len(stream.keys)):
        queries, keys = len(stream.queries), len(stream.keys)
        cells = "line" if style == "lines" else "cell"
        notes.append(f"{queries:,} × {keys:,} tokens, a {cells} shows the largest value it covers")
    return notes


def _label(content: str, x: float, y: float) -> str:
    return text(content, x, y, text_anchor="middle", font_size=SMALL)


def _frame(theme: Theme) -> str:
    return element("rect", width=SIDE, height=SIDE, fill="none", stroke=theme.rule)


def _cells(shares: NDArray[np.float32], ground: Ground | None, theme: Theme) -> list[str]:
    return cell_paths(_steps(shares), _shades(ground, theme), _cell_size(shares))


def _pixels(shares: NDArray[np.float32], ground: Ground | None, theme: Theme) -> list[str]:
    return cell_pixels(_steps(shares), _shades(ground, theme), _cell_size(shares))


def _steps(shares: NDArray[np.float32]) -> NDArray[np.int64]:
    steps: NDArray[np.int64] = np.rint(np.sqrt(shares) * (STEPS - 1)).astype(np.int64)
    return steps


def _shades(ground: Ground | None, theme: Theme) -> tuple[str, ...]:
    return colors_of("ink", theme) if ground is None else ground.shades()


def _cell_size(shares: NDArray[np.float32]) -> tuple[float, float]:
    rows, columns = shares.shape
    return SIDE / columns, SIDE / rows


def _lines(shares: NDArray[np.float32], ground: Ground | None, theme: Theme) -> list[str]:
    """Return a head view in miniature, in which larger weights make more opaque lines."""
    rows, columns = shares.shape
    inner = SIDE - 2 * INSET
    middle, right = number(SIDE / 2), number(SIDE - INSET)
    share = LIMITS["model_view"]["weakest_line"]
    weakest = np.maximum(1e-6, share * shares.max(-1, keepdims=True))
    children = []
    for row, column in np.argwhere(shares >= weakest):
        start = number(INSET + inner * (row + 0.5) / rows)
        end = number(INSET + inner * (column + 0.5) / columns)
        opacity = float(shares[row, column]) ** 0.7
        curve = f"M{number(INSET)} {start}C{middle} {start} {middle} {end} {right} {end}"
        children.append(element("path", d=curve, stroke_opacity=opacity))
    width = min(1.6, max(0.3, 0.5 * inner / rows))
    color = head_color(None, theme) if ground is None else ground.ink
    lines = group(children, fill="none", stroke=color, stroke_width=width)
    if ground is None:
        return [lines]
    return [element("rect", width=SIDE, height=SIDE, fill=ground.color), lines]


_STYLES = {"lines": _lines, "matrix": _cells, "pixels": _pixels}
