"""One matrix of attention."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attnwidget.methods.fusion import Fusion
from attnwidget.plot.blank import canvas, settled
from attnwidget.plot.draw import draw_matrix
from attnwidget.plot.labels import room
from attnwidget.plot.panel import Labels, Panel, panel_of
from attnwidget.plot.scale import Range, scale_of
from attnwidget.trace import Array, Selection, Stream, Trace

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

LARGEST, SMALLEST, SIDE = 0.5, 0.15, 13.0
"""Inches: of a cell at most and at least, and of a matrix at most."""


def heatmap(
    data: Trace | Stream | Array,
    tokens: Labels = None,
    *,
    key_tokens: Labels = None,
    layer: int = -1,
    heads: Selection = None,
    fusion: Fusion = "mean",
    stream: str | None = None,
    scale: Range = "fitted",
    cmap: str | None = None,
    values: bool | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw one matrix: queries down, keys across.

    Parameters
    ----------
    data
        A Trace or Stream, of which one layer is drawn; or scores (n_q, n_k) or (H, n_q, n_k) of any
        method. Where some are negative, colours are orange and blue around 0.
    tokens
        One for each query; those of the trace if None, numbers for an array.
    key_tokens
        One for each key, where these are other tokens.
    layer, heads, fusion, stream
        Which matrix of a trace, and how its heads are fused.
    scale
        ``"fitted"``: colours go up to the largest value; ``"unit"``: to 1.
    cmap
        Name of another colour map of matplotlib.
    values
        Whether to write values into the cells; None where there is room.
    title
        Instead of model, stream, layer and head.
    ax
        Where to draw; a new figure if None.

    Returns
    -------
    Figure

    Raises
    ------
    ImportError
        Matplotlib is not installed.
    IndexError
        The layer or a head is out of range.
    KeyError
        There is no such stream.
    ValueError
        An array has another shape or an entry that is not finite, tokens do not match it, or a name
        is unknown.
    """
    panel = panel_of(
        data, tokens, key_tokens, stream=stream, layer=layer, heads=heads, fusion=fusion
    )
    what = "attention" if isinstance(data, (Trace, Stream)) else "score"
    return single(panel, title=title, span=scale, cmap=cmap, values=values, ax=ax, what=what)


def cross(
    data: Trace | Stream | Array,
    tokens: Labels = None,
    *,
    key_tokens: Labels = None,
    layer: int = -1,
    heads: Selection = None,
    fusion: Fusion = "mean",
    scale: Range = "fitted",
    cmap: str | None = None,
    values: bool | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw cross-attention: target tokens down, source tokens across.

    Parameters
    ----------
    data
        A Trace of an encoder-decoder, its stream ``"cross"``, or weights (T, S) or (H, T, S).
    tokens, key_tokens
        Target and source tokens, for an array.
    layer, heads, fusion, scale, cmap, values, title, ax
        As in `heatmap`.

    Returns
    -------
    Figure

    Raises
    ------
    KeyError
        The trace has no cross-attention.
    ImportError, IndexError, ValueError
        As in `heatmap`.
    """
    if not isinstance(data, (Trace, Stream)) and key_tokens is None and tokens is not None:
        raise ValueError("Cross-attention needs the tokens of both sides: pass key_tokens, too.")
    panel = panel_of(
        data, tokens, key_tokens, stream="cross", layer=layer, heads=heads, fusion=fusion
    )
    sides = "from target (query)", "to source (key)"
    return single(panel, title=title, span=scale, cmap=cmap, values=values, ax=ax, sides=sides)


def single(
    panel: Panel,
    *,
    title: str | None,
    span: Range,
    cmap: str | None,
    values: bool | None,
    ax: Axes | None,
    sides: tuple[str, str] | None = None,
    what: str = "attention",
    signed: bool = False,
) -> Figure:
    """Draw one panel with a colour bar.

    Parameters
    ----------
    sides
        What the axes are called, if not queries and keys.
    what
        What the values are.
    signed
        Whether colours go around 0 whatever the values.
    """
    rows, columns = panel.values.shape
    most = max(rows, columns)
    cell = min(LARGEST, max(SMALLEST, 5.0 / most), SIDE / most)
    margin = 1.7 + room(panel.queries, cell), 1.1 + room(panel.keys, cell)
    figure, axis = canvas(ax, columns * cell + margin[0], rows * cell + margin[1])
    if ax is not None:
        box = ax.get_window_extent()
        cell = min(box.width / columns, box.height / rows) / figure.dpi
    scale = scale_of([panel], span, cmap, what, signed=signed)
    shown = panel if title is None else panel.titled(title)
    image = draw_matrix(axis, shown, scale, cell=cell, values=values)
    if sides is not None:
        axis.set_ylabel(sides[0])
        axis.set_xlabel(sides[1])
    width = columns * cell
    bar = axis.inset_axes((1 + 0.12 / width, 0.0, 0.14 / width, 1.0))
    figure.colorbar(image, cax=bar, label=scale.label)
    bar.tick_params(labelsize=8)
    bar.yaxis.label.set_fontsize(9)
    return settled(figure)
