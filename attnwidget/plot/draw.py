"""One matrix on one axis."""

from __future__ import annotations

from math import floor, log10
from typing import TYPE_CHECKING

from attnwidget.plot.labels import (
    PLAIN,
    SMALLEST,
    label_keys,
    label_queries,
    rule_written,
    side_name,
    wrapped,
)
from attnwidget.plot.panel import Panel
from attnwidget.plot.scale import Scale

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.image import AxesImage

ROOMY = 0.42
"""Smallest cell in inches that shows its value."""

LEAST_WRITTEN = 1e-3
"""Smallest end of a scale whose values have room in cells."""

TITLE = 10.0
"""Size of titles in points."""


def draw_matrix(
    ax: Axes,
    panel: Panel,
    scale: Scale,
    *,
    cell: float,
    labels: tuple[bool, bool] = (True, True),
    smallest: float = SMALLEST,
    values: bool | None = None,
) -> AxesImage:
    """Draw a matrix, queries down and keys across.

    Parameters
    ----------
    cell
        Size of an entry, in inches.
    labels
        Label the queries, and the keys.
    smallest
        Smallest size of tokens in points; if they need less, some are left out.
    values
        Write the value into each cell; None: if there is room.
    """
    image = ax.imshow(
        panel.values,
        cmap=scale.cmap,
        vmin=scale.low,
        vmax=scale.high,
        aspect="equal",
        interpolation="nearest",
    )
    width = panel.values.shape[1] * cell
    ax.set_title(wrapped(panel.title, width, TITLE), fontsize=TITLE, **PLAIN)
    ax.tick_params(length=0, pad=3)
    ax.spines[:].set_visible(False)
    if labels[0]:
        label_queries(ax, panel.queries.text, cell, smallest)
        rule_written(ax, panel.queries, "y")
        ax.set_ylabel(side_name("from (query)", panel.queries), fontsize=9, color="0.35")
    else:
        ax.set_yticks([])
    if labels[1]:
        label_keys(ax, panel.keys.text, cell, smallest)
        rule_written(ax, panel.keys, "x")
        ax.set_xlabel(side_name("to (key)", panel.keys), fontsize=9, color="0.35")
    else:
        ax.set_xticks([])
    if panel.split is not None:
        ax.axvline(panel.split - 0.5, color="white", linewidth=2)
    if values or (values is None and cell >= ROOMY and scale.high >= LEAST_WRITTEN):
        _write(ax, panel, scale, cell)
    return image


def _write(ax: Axes, panel: Panel, scale: Scale, cell: float) -> None:
    # Two digits of the largest value: small scores would all be zeros otherwise.
    decimals = max(2, 1 - floor(log10(scale.high)))
    size = min(8.5, 0.3 * 72 * cell * min(1.0, 5 / (decimals + 2)))
    for (query, key), value in _entries(panel):
        ax.text(
            key,
            query,
            _short(value, decimals),
            ha="center",
            va="center",
            fontsize=size,
            color="white" if scale.is_dark(value) else "0.15",
        )


def _entries(panel: Panel) -> list[tuple[tuple[int, int], float]]:
    rows, columns = panel.values.shape
    return [
        ((query, key), float(panel.values[query, key]))
        for query in range(rows)
        for key in range(columns)
    ]


def _short(value: float, decimals: int) -> str:
    written = f"{value:.{decimals}f}"
    return "0" if float(written) == 0 else written.replace("-", "−")
