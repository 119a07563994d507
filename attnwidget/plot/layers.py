"""Layers side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, Unpack

import torch

from attnwidget.methods.fusion import Fusion
from attnwidget.methods.source import Source
from attnwidget.plot.multiples import multiples
from attnwidget.plot.panel import (
    Labels,
    head_name,
    join,
    name_of,
    panel_of,
    quantity_of,
    stream_from,
    stream_name,
)
from attnwidget.plot.style import PanelStyle, takes_style
from attnwidget.trace import Indexer
from attnwidget.trace.indexing import positions, resolve

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST = 12
"""Layers that are drawn at most if none are chosen."""


@takes_style(PanelStyle)
def layers(
    data: Source,
    tokens: Labels = None,
    *,
    key_tokens: Labels = None,
    layers: Indexer = None,
    heads: Indexer = None,
    fusion: Fusion = "mean",
    stream: str | None = None,
    **style: Unpack[PanelStyle],
) -> Figure:
    """Draw layers side by side, their heads fused, with one scale.

    Parameters
    ----------
    data
        A Trace or Stream, or one array per layer.
    tokens, key_tokens
        As in `heatmap`.
    layers
        The layers to draw; None for all, or for 12 at even distances if there are more.
    heads, fusion, stream
        As in `heatmap`.
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
    chosen = stream_from(data, stream, signed=True)
    drawn = chosen_layers(layers, chosen.num_layers)
    panels = [
        panel_of(chosen, tokens, key_tokens, layer=layer, heads=heads, fusion=fusion).titled(
            f"layer {chosen.layer_numbers[layer]}"
        )
        for layer in drawn
    ]
    heading = join(
        name_of(data),
        stream_name(data, chosen),
        counted(len(drawn), chosen.num_layers),
        head_name(chosen, heads, fusion),
    )
    return multiples(panels, heading, quantity_of(data), **style)


def chosen_layers(layers: Indexer, count: int) -> list[int]:
    """Return the places of the layers to draw, among `count`.

    Raises
    ------
    IndexError
        A layer is out of range.
    ValueError
        There is no layer to draw.
    """
    if layers is None:
        return torch.linspace(0, count - 1, min(count, MOST)).round().int().tolist()
    drawn: list[int] = positions(resolve(layers, count, "layer"), count).tolist()
    if not drawn:
        raise ValueError("There are no layers to draw; pass at least one, or None.")
    return drawn


def counted(drawn: int, count: int) -> str:
    """Return ``"12 of 24 layers"``; empty if all layers are drawn."""
    return "" if drawn == count else f"{drawn} of {count} layers"
