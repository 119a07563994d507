"""The picture of the model view: every head of every layer, small."""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from attnwidget.frames import VisibleRows, Workspace
from attnwidget.frames.thumbnails import ThumbnailsWant, decoded, thumbnails_frame
from attnwidget.methods.method import Method
from attnwidget.methods.progress import Progress
from attnwidget.methods.registry import METHODS, method_of
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.picture.caption import covered_in_words
from attnwidget.picture.color_bar import level_bar, sign_bar
from attnwidget.picture.colormap import colors_of
from attnwidget.picture.document import Drawing
from attnwidget.picture.svg import element, moved, text
from attnwidget.picture.theme import Theme
from attnwidget.picture.words import SMALL, shown_number
from attnwidget.trace import Stream
from attnwidget.views.model.coloring import Coloring
from attnwidget.views.model.ground import (
    Ground,
    grounds_of,
    largest_effect,
    largest_importance,
    signed_grounds,
)
from attnwidget.views.model.thumbnail import SIDE, STYLES, Ink

SPACE, GUTTER, TOP = 6.0, 22.0, 18.0

CELLS = 24
"""Most cells along each side; longer inputs are pooled."""


def draw_model(
    workspace: Workspace,
    shown: VisibleRows,
    style: str,
    coloring: Coloring | None,
    theme: Theme,
    progress: Progress = None,
) -> Drawing:
    """Draw the heads of all layers on one scale.

    Parameters
    ----------
    style
        ``"lines"``, ``"matrix"``, or ``"pixels"``: a matrix in far fewer bytes.
    coloring
        What colours the ground of each head; None leaves the paper.
    """
    stream = workspace.trace[shown.scores.stream]
    per_head = METHODS[shown.scores.method].per_head
    heads = tuple(range(stream.num_heads)) if per_head else None
    layers = [
        _weights(workspace, replace(shown.scores, layer=layer, heads=heads), shown, progress)
        for layer in range(stream.num_layers)
    ]
    method = method_of(shown.scores)
    full = max(float(np.abs(values).max()) for values in layers) or 1.0
    draw = STYLES[style]
    columns = [GUTTER + head * (SIDE + SPACE) for head in range(len(layers[0]))]
    # Colour tells the sign of signed scores, which a coloured ground would leave no room for.
    is_shown = coloring is not None and heads is not None and not method.signed
    grounds = _grounds(coloring, theme) if coloring and is_shown else None
    body = [_label(str(head), x + SIDE / 2, SMALL) for head, x in enumerate(columns) if heads]
    for layer, values in enumerate(layers):
        y = TOP + layer * (SIDE + SPACE)
        body.append(_label(str(stream.layer_numbers[layer]), GUTTER / 2, y + SIDE / 2 + 4))
        for head, weights in enumerate(values):
            ground = None if grounds is None else grounds[layer][head]
            ink = Ink(theme, ground, signed=method.signed)
            marks = [*draw(weights / full, ink), _frame(theme)]
            body.append(moved(marks, columns[head], y))
    width, height = columns[-1] + SIDE, TOP + len(layers) * (SIDE + SPACE) - SPACE
    if grounds is not None and coloring:
        legend = _ground_bar(coloring, theme)
        body.append(moved(legend.body, GUTTER, height + SPACE))
        width, height = max(width, GUTTER + legend.width), height + SPACE + legend.height
    if method.signed:
        legend = sign_bar(method, full, theme)
        body.append(moved(legend.body, GUTTER, height + SPACE))
        width, height = max(width, GUTTER + legend.width), height + SPACE + legend.height
    notes = _notes(stream, layers[0], style, full, method)
    if coloring and heads and not is_shown:
        notes.append(f"{coloring.what} is not shown, because colour tells the sign")
    elif coloring and coloring.signed and heads:
        notes.append(f"ground: {coloring.what}")
    return Drawing(width, height, body, notes)


def _grounds(coloring: Coloring, theme: Theme) -> list[list[Ground]]:
    ways = signed_grounds if coloring.signed else grounds_of
    return ways(coloring.values, theme)


def _ground_bar(coloring: Coloring, theme: Theme) -> Drawing:
    """Return what the colours of the ground mean."""
    largest = largest_effect if coloring.signed else largest_importance
    most = shown_number(largest(coloring.values))
    colors = colors_of("signed" if coloring.signed else "ink", theme)
    return level_bar(colors, coloring.before.format(most), coloring.after.format(most), theme)


def _weights(
    workspace: Workspace, scores: ScoresOf, shown: VisibleRows, progress: Progress
) -> NDArray[np.float32]:
    """Return the largest weight in each cell, (H, rows, columns)."""
    want = ThumbnailsWant(replace(shown, scores=scores, pair_filter="all"), CELLS)
    return decoded(thumbnails_frame(workspace, want, progress))


def _notes(
    stream: Stream, weights: NDArray[np.float32], style: str, full: float, method: Method
) -> list[str]:
    notes = ["rows: layers" + (", columns: heads" if method.per_head else "")]
    if style == "lines":
        notes.append("in each: left query, right key, lines from 10 % of a row’s strongest")
    else:
        notes.append("in each: down query, across key, colour by the square root")
    notes.append(f"full strength: {'±' if method.signed else ''}{shown_number(full)}")
    if weights.shape[1:] != (len(stream.queries), len(stream.keys)):
        queries, keys = len(stream.queries), len(stream.keys)
        cells = "line" if style == "lines" else "cell"
        notes.append(f"{queries:,} × {keys:,} tokens, a {cells} shows {covered_in_words(method)}")
    return notes


def _label(content: str, x: float, y: float) -> str:
    return text(content, x, y, text_anchor="middle", font_size=SMALL)


def _frame(theme: Theme) -> str:
    return element("rect", width=SIDE, height=SIDE, fill="none", stroke=theme.rule)
