"""One matrix of attention."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from attnwidget.methods.fusion import Fusion
from attnwidget.plot.blank import canvas, laid_out
from attnwidget.plot.draw import draw_matrix
from attnwidget.plot.labels import room, side_name
from attnwidget.plot.panel import Labels, Panel, panel_of, quantity_of
from attnwidget.plot.scale import scale_of
from attnwidget.plot.style import MatrixStyle, takes_style
from attnwidget.trace import Array, Indexer, Stream, Trace

if TYPE_CHECKING:
    from matplotlib.figure import Figure

LARGEST, SMALLEST, SIDE = 0.5, 0.15, 13.0
"""Sizes in inches: of a cell at most and at least, and of a matrix at most."""


@takes_style(MatrixStyle)
def heatmap(
    data: Trace | Stream | Array,
    tokens: Labels = None,
    *,
    key_tokens: Labels = None,
    layer: int = -1,
    heads: Indexer = None,
    fusion: Fusion = "mean",
    stream: str | None = None,
    **style: Unpack[MatrixStyle],
) -> Figure:
    """Draw one matrix: queries down, keys across.

    Parameters
    ----------
    data
        A Trace or Stream, of which one layer is drawn; or scores (n_q, n_k) or (H, n_q, n_k) of any
        method.
    tokens
        A label for each query; None: the tokens of the trace, or numbers for an array.
    key_tokens
        A label for each key, if these are other tokens.
    layer, heads, fusion, stream
        The matrix of a trace to draw, and how its heads are fused.
    **style
        How the figure looks; `MatrixStyle` lists the keywords.

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
    TypeError
        A keyword is unknown; the message lists the known ones.
    """
    panel = panel_of(
        data, tokens, key_tokens, stream=stream, layer=layer, heads=heads, fusion=fusion
    )
    return draw_single(panel, quantity=quantity_of(data), **style)


@takes_style(MatrixStyle)
def cross(
    data: Trace | Stream | Array,
    tokens: Labels = None,
    *,
    key_tokens: Labels = None,
    layer: int = -1,
    heads: Indexer = None,
    fusion: Fusion = "mean",
    **style: Unpack[MatrixStyle],
) -> Figure:
    """Draw cross-attention: target tokens down, source tokens across.

    Parameters
    ----------
    data
        A Trace of an encoder-decoder, its stream ``"cross"``, or weights (T, S) or (H, T, S).
    tokens, key_tokens
        Target and source tokens, for an array.
    layer, heads, fusion
        As in `heatmap`.
    **style
        How the figure looks; `MatrixStyle` lists the keywords.

    Returns
    -------
    Figure

    Raises
    ------
    KeyError
        The trace has no cross-attention.
    ImportError, IndexError, TypeError, ValueError
        As in `heatmap`.
    """
    if not isinstance(data, (Trace, Stream)) and key_tokens is None and tokens is not None:
        raise ValueError("Cross-attention needs the tokens of both sides: pass key_tokens, too.")
    panel = panel_of(
        data, tokens, key_tokens, stream="cross", layer=layer, heads=heads, fusion=fusion
    )
    sides = "from target (query)", "to source (key)"
    return draw_single(panel, sides=sides, **style)


def draw_single(
    panel: Panel,
    *,
    sides: tuple[str, str] | None = None,
    quantity: str = "attention",
    signed: bool = False,
    **style: Unpack[MatrixStyle],
) -> Figure:
    """Draw one panel with a colour bar.

    Parameters
    ----------
    sides
        Names of the axes, if they are not queries and keys.
    quantity
        Name of the values, for the colour bar.
    signed
        Let colours go around 0 even if no value is negative.
    **style
        As in `heatmap`.
    """
    ax, title = style.get("ax"), style.get("title")
    rows, columns = panel.values.shape
    most = max(rows, columns)
    cell = min(LARGEST, max(SMALLEST, 5.0 / most), SIDE / most)
    margin = 1.7 + room(panel.queries.text, cell), 1.1 + room(panel.keys.text, cell)
    figure, axis = canvas(ax, columns * cell + margin[0], rows * cell + margin[1])
    if ax is not None:
        box = ax.get_window_extent()
        cell = min(box.width / columns, box.height / rows) / figure.dpi
    scale = scale_of([panel], style, quantity, signed=signed)
    shown = panel if title is None else panel.titled(title)
    image = draw_matrix(axis, shown, scale, cell=cell, values=style.get("values"))
    if sides is not None:
        axis.set_ylabel(side_name(sides[0], panel.queries))
        axis.set_xlabel(side_name(sides[1], panel.keys))
    width = columns * cell
    bar = axis.inset_axes((1 + 0.12 / width, 0.0, 0.14 / width, 1.0))
    figure.colorbar(image, cax=bar, label=scale.label)
    bar.tick_params(labelsize=8)
    bar.yaxis.label.set_fontsize(9)
    return laid_out(figure)
