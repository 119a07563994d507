"""Every head of every layer in one figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from attnwidget.methods.source import Source
from attnwidget.plot.blank import canvas, laid_out
from attnwidget.plot.draw import TITLE
from attnwidget.plot.labels import PLAIN, wrapped
from attnwidget.plot.panel import join, name_of, numbers, stream_from, stream_name
from attnwidget.plot.scale import Scale, diverging
from attnwidget.trace import Stream

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.colors import Normalize
    from matplotlib.figure import Figure

CELLS = 48
"""Cells of a head along each side, at most."""

SMALLEST = 0.8
"""Size of a head in inches, if there is room."""

TALLEST = 6.0
"""Height of the colour bar in inches, at most."""


def grid(
    data: Source,
    *,
    stream: str | None = None,
    cmap: str | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw every head of every layer as a small picture, layers down and heads across.

    A cell shows the largest weight that it covers, of scores with signs the one of largest
    magnitude. Colours are on a square root scale, so that small weights are visible, and end at the
    largest weight of all; those of scores with signs go around 0.

    Parameters
    ----------
    data
        A Trace or Stream, or one array per layer, of scores of either sign.
    stream
        Name of the stream; None for the first.
    cmap, title, ax
        As in `MatrixStyle`.

    Returns
    -------
    Figure

    Raises
    ------
    ImportError, KeyError, ValueError
        As in `heatmap`.
    """
    chosen = stream_from(data, stream, signed=True)
    layers, heads = chosen.num_layers, chosen.num_heads
    picture, pitch = _mosaic(chosen)
    size = min(max(SMALLEST, 5.0 / max(heads, layers)), 13.0 / heads, 20.0 / layers)
    figure, axis = canvas(ax, heads * size + 1.6, layers * size + 1.0)
    scale, norm = _root_scale(picture, cmap)
    image = axis.imshow(
        picture,
        cmap=scale.cmap,
        norm=norm,
        aspect="auto" if len(chosen.queries) != len(chosen.keys) else "equal",
        interpolation="nearest",
    )
    for set_ticks, count, each in (
        (axis.set_xticks, heads, pitch[1]),
        (axis.set_yticks, layers, pitch[0]),
    ):
        set_ticks(np.arange(count) * each + (each - 2) / 2, numbers(count), fontsize=9)
    axis.tick_params(length=0)
    axis.spines[:].set_visible(False)
    axis.set_xlabel("head", fontsize=9, color="0.35")
    axis.set_ylabel("layer", fontsize=9, color="0.35")
    sizes = f"{len(chosen.queries)} x {len(chosen.keys)} tokens"
    heading = join(name_of(data), stream_name(data, chosen), "every head", sizes)
    shown = heading if title is None else title
    axis.set_title(wrapped(shown, heads * size, TITLE), fontsize=TITLE, **PLAIN)
    share = min(1.0, TALLEST / (layers * size))
    place = 1 + 0.15 / (heads * size), 1 - share, 0.14 / (heads * size), share
    bar = axis.inset_axes(place)
    figure.colorbar(image, cax=bar, label=scale.label)
    bar.tick_params(labelsize=8)
    bar.yaxis.label.set_fontsize(9)
    return laid_out(figure)


def _root_scale(picture: NDArray[np.float32], cmap: str | None) -> tuple[Scale, Normalize]:
    """Return colours by the square root of the values, around 0 if there are negative ones."""
    from matplotlib import colormaps
    from matplotlib.colors import FuncNorm, PowerNorm

    top = float(np.nanmax(np.abs(picture))) or 1.0
    if not (picture < 0).any():
        said = f"attention \nsquare root scale, 0 to {top:.3g}"
        return Scale(colormaps[cmap or "viridis"], 0.0, top, said), PowerNorm(0.5, 0.0, top)
    roots = (
        lambda values: np.copysign(np.sqrt(np.abs(values)), values),
        lambda values: np.copysign(np.square(values), values),
    )
    colors = diverging() if cmap is None else colormaps[cmap]
    scale = Scale(colors, -top, top, f"score \nsquare root scale, ±{top:.3g}")
    return scale, FuncNorm(roots, -top, top)


def _mosaic(stream: Stream) -> tuple[NDArray[np.float32], tuple[int, int]]:
    """Return an image of all heads with NaN between them, and the distance between two heads."""
    rows, columns = (min(CELLS, len(side)) for side in (stream.queries, stream.keys))
    pitch = rows + max(1, rows // 12), columns + max(1, columns // 12)
    size = stream.num_layers * pitch[0], stream.num_heads * pitch[1]
    picture = np.full(size, np.nan, np.float32)
    for layer in range(stream.num_layers):
        for head in range(stream.num_heads):
            matrix = stream.attention(layer, head)[0].numpy()
            pooled = _pooled(_pooled(matrix, rows, 0), columns, 1)
            top, left = layer * pitch[0], head * pitch[1]
            picture[top : top + rows, left : left + columns] = pooled
    gap = pitch[0] - rows, pitch[1] - columns
    return picture[: size[0] - gap[0], : size[1] - gap[1]], pitch


def _pooled(matrix: NDArray[np.float32], cells: int, axis: int) -> NDArray[np.float32]:
    """Return the entries of largest magnitude along an axis, in `cells` groups of equal size."""
    starts = -(-np.arange(cells) * matrix.shape[axis] // cells)
    largest = np.maximum.reduceat(matrix, starts, axis=axis)
    smallest = np.minimum.reduceat(matrix, starts, axis=axis)
    pooled: NDArray[np.float32] = np.where(-smallest > largest, smallest, largest)
    return pooled
