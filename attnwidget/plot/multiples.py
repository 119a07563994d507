"""Several matrices side by side, with one scale."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil
from typing import TYPE_CHECKING, Unpack

from attnwidget.plot.blank import blank, laid_out
from attnwidget.plot.draw import TITLE, draw_matrix
from attnwidget.plot.labels import PLAIN, room, wrapped
from attnwidget.plot.panel import Panel
from attnwidget.plot.scale import scale_of
from attnwidget.plot.style import PanelStyle

if TYPE_CHECKING:
    from matplotlib.figure import Figure

WIDTH = 20.0
"""Width in inches of all panels in a row together, at most."""

LARGEST, SMALLEST = 0.4, 0.1
"""Size of a cell in inches, at most and at least."""

READABLE = 8.5
"""Size of tokens in points, at least: readers shrink such wide figures."""


def multiples(
    panels: Sequence[Panel],
    heading: str,
    quantity: str = "attention",
    **style: Unpack[PanelStyle],
) -> Figure:
    """Draw panels of equal size in rows, with one scale; tokens stand at the left and below.

    Parameters
    ----------
    heading
        Title if the style has none.
    quantity
        Name of the values, for the colour bar.
    **style
        As in `heads`.
    """
    scale = scale_of(panels, style, quantity)
    chosen, columns = style.get("title"), style.get("columns")
    title = heading if chosen is None else chosen
    rows_each, columns_each = panels[0].values.shape
    most = max(rows_each, columns_each)
    across = min(len(panels), columns or _balanced(len(panels), 4 if most <= 24 else 3))
    down = ceil(len(panels) / across)
    budget = WIDTH / across / columns_each
    cell = min(LARGEST, max(SMALLEST, 3.0 / most, budget / 2), budget)
    left, below = room(panels[0].queries.text, cell) + 0.3, room(panels[0].keys.text, cell) + 0.3
    width = across * (columns_each * cell + 0.15) + left + 1.2
    lines = max(wrapped(each.title, columns_each * cell, TITLE).count("\n") for each in panels)
    height = down * (rows_each * cell + 0.3 + 0.17 * lines) + below + (0.4 if title else 0.1)
    figure = blank(width, height)
    if title:
        figure.suptitle(wrapped(title, width, 12), fontsize=12, **PLAIN)
    axes = figure.subplots(down, across, squeeze=False).flatten().tolist()
    for place, (axis, panel) in enumerate(zip(axes, panels, strict=False)):
        is_lowest = place + across >= len(panels)
        labels = place % across == 0, is_lowest
        image = draw_matrix(
            axis, panel, scale, cell=cell, labels=labels, smallest=READABLE, values=False
        )
    for axis in axes[len(panels) :]:
        axis.set_axis_off()
    bar = figure.colorbar(image, ax=axes, label=scale.label, fraction=0.02, aspect=30, pad=0.01)
    bar.ax.tick_params(labelsize=8)
    return laid_out(figure)


def _balanced(count: int, most: int) -> int:
    """Return the panels in a row, at most `most`, that leave the last row as full as possible."""
    return ceil(count / ceil(count / most))
