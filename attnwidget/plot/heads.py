"""The heads of one layer side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

from attnwidget.plot.multiples import multiples
from attnwidget.plot.panel import (
    Labels,
    join,
    name_of,
    panel_of,
    quantity_of,
    stream_from,
    stream_name,
    stream_of,
)
from attnwidget.plot.style import PanelStyle, takes_style
from attnwidget.trace import Array, Indexer, Stream, Trace
from attnwidget.trace.indexing import positions, resolve, resolve_index

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@takes_style(PanelStyle)
def heads(
    data: Trace | Stream | Array,
    tokens: Labels = None,
    *,
    key_tokens: Labels = None,
    layer: int = -1,
    heads: Indexer = None,
    stream: str | None = None,
    **style: Unpack[PanelStyle],
) -> Figure:
    """Draw the heads of one layer side by side, with one scale.

    Parameters
    ----------
    data
        A Trace or Stream, or the weights of one layer (H, n_q, n_k), or other scores of it, of
        either sign.
    tokens, key_tokens
        As in `heatmap`.
    layer, heads, stream
        The heads of a trace to draw; None for all heads.
    **style
        How the figure looks; `PanelStyle` lists the keywords.

    Returns
    -------
    Figure

    Raises
    ------
    ImportError, IndexError, KeyError, TypeError, ValueError
        As in `heatmap`.
    """
    chosen = (
        stream_of(data, stream)
        if isinstance(data, (Trace, Stream))
        else stream_from([data], None, signed=True)
    )
    place = resolve_index(layer, chosen.num_layers, "layer")
    drawn = positions(resolve(heads, chosen.num_heads, "head"), chosen.num_heads).tolist()
    if not drawn:
        raise ValueError("There are no heads to draw; pass at least one, or None for all.")
    panels = [
        panel_of(chosen, tokens, key_tokens, layer=place, heads=head).titled(f"head {head}")
        for head in drawn
    ]
    own = f"layer {chosen.layer_numbers[place]}"
    where = own if isinstance(data, (Trace, Stream)) else f"{len(drawn)} heads"
    heading = join(name_of(data), stream_name(data, chosen), where)
    return multiples(panels, heading, quantity_of(data), **style)
