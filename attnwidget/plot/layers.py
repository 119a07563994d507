"""Layer after layer."""

from __future__ import annotations

from typing import TYPE_CHECKING

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
    stream_from,
    stream_name,
)
from attnwidget.plot.scale import Range, scale_of
from attnwidget.trace import Selection
from attnwidget.trace.selection import positions, resolve

if TYPE_CHECKING:
    from matplotlib.figure import Figure

MOST = 12
"""Layers that are drawn where none are chosen."""


def layers(
    data: Source,
    tokens: Labels = None,
    *,
    key_tokens: Labels = None,
    layers: Selection = None,
    heads: Selection = None,
    fusion: Fusion = "mean",
    stream: str | None = None,
    scale: Range = "fitted",
    cmap: str | None = None,
    columns: int | None = None,
    title: str | None = None,
) -> Figure:
    """Draw layers side by side, their heads fused, with one scale.

    Parameters
    ----------
    data
        A Trace or Stream, or one array a layer.
    tokens, key_tokens
        As in `heatmap`.
    layers
        Which of them; None for all, or for 12 at even distances where there are more.
    heads, fusion, stream
        As in `heatmap`.
    scale, cmap
        As in `heatmap`.
    columns
        How many in a row; None for what suits their size.
    title
        Instead of model, stream and heads.

    Returns
    -------
    Figure

    Raises
    ------
    ImportError, IndexError, KeyError, ValueError
        As in `heatmap`.
    """
    chosen = stream_from(data, stream)
    drawn = chosen_layers(layers, chosen.num_layers)
    panels = [
        panel_of(chosen, tokens, key_tokens, layer=layer, heads=heads, fusion=fusion).titled(
            f"layer {layer}"
        )
        for layer in drawn
    ]
    heading = join(
        name_of(data),
        stream_name(data, chosen),
        counted(len(drawn), chosen.num_layers),
        head_name(chosen, heads, fusion),
    )
    return multiples(
        panels,
        scale_of(panels, scale, cmap),
        title=heading if title is None else title,
        columns=columns,
    )


def chosen_layers(layers: Selection, count: int) -> list[int]:
    """Return which of `count` layers to draw.

    Raises
    ------
    IndexError
        A layer is out of range.
    ValueError
        None is left.
    """
    if layers is None:
        return torch.linspace(0, count - 1, min(count, MOST)).round().int().tolist()
    drawn: list[int] = positions(resolve(layers, count, "layer"), count).tolist()
    if not drawn:
        raise ValueError("There are no layers to draw; pass at least one, or None.")
    return drawn


def counted(drawn: int, count: int) -> str:
    """Return how many layers are drawn, where it is not all."""
    return "" if drawn == count else f"{drawn} of {count} layers"
