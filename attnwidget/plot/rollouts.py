"""Rollout by layer, by discard ratio and by fusion."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

from torch import Tensor

from attnwidget.methods.fusion import FUSIONS, Fusion
from attnwidget.methods.source import Source
from attnwidget.plot.layers import chosen_layers, counted
from attnwidget.plot.multiples import multiples
from attnwidget.plot.panel import Labels, Panel, join, labels_of, name_of, stream_from
from attnwidget.plot.settings import RolloutSettings
from attnwidget.plot.style import PanelStyle, takes_style
from attnwidget.trace import Indexer, Tokens, Trace

if TYPE_CHECKING:
    from matplotlib.figure import Figure

RATIOS = (0.0, 0.1, 0.5, 0.9)


@takes_style(PanelStyle)
def evolution(
    data: Source,
    tokens: Labels = None,
    *,
    layers: Indexer = None,
    fusion: Fusion = "mean",
    discard_ratio: float = 0.0,
    residual: bool = True,
    receptive_field: bool = False,
    skip_first: bool = False,
    stream: str | None = None,
    **style: Unpack[PanelStyle],
) -> Figure:
    """Draw the rollout after each layer.

    Parameters
    ----------
    data
        A Trace or Stream, or one array per layer.
    tokens
        As in `heatmap`.
    layers
        Layers after which the rollout is drawn; None for all, or for 12 at even distances if there
        are more.
    fusion, discard_ratio, residual, receptive_field, skip_first, stream
        As in `attnwidget.rollout`. Of an encoder-decoder, columns are target and then source
        tokens.
    **style
        How the figure looks; `PanelStyle` lists the keywords.

    Returns
    -------
    Figure

    Raises
    ------
    ImportError, IndexError, KeyError, TypeError, ValueError
        As in `heatmap` and `attnwidget.rollout`.
    """
    settings = RolloutSettings(fusion, discard_ratio, residual, receptive_field, skip_first, stream)
    matrices = settings.by_layer(data)
    drawn = chosen_layers(layers, len(matrices))
    named = {f"after layer {layer}": matrices[layer] for layer in drawn}
    count = counted(len(drawn), len(matrices))
    heading = join("rollout by layer", count, f"{fusion} of heads", *settings.in_words())
    return _draw(data, tokens, stream, named, heading, **style)


@takes_style(PanelStyle)
def discard_ratios(
    data: Source,
    tokens: Labels = None,
    *,
    ratios: Sequence[float] = RATIOS,
    fusion: Fusion = "mean",
    residual: bool = True,
    receptive_field: bool = False,
    skip_first: bool = False,
    stream: str | None = None,
    **style: Unpack[PanelStyle],
) -> Figure:
    """Draw the rollout at rising discard ratios, which leave out the smallest weights.

    Parameters
    ----------
    data, tokens
        As in `evolution`.
    ratios
        Shares of the smallest entries to leave out, each in [0, 1).
    fusion, residual, receptive_field, skip_first, stream
        As in `attnwidget.rollout`.
    **style
        How the figure looks; `PanelStyle` lists the keywords.

    Returns
    -------
    Figure

    Raises
    ------
    ImportError, IndexError, KeyError, TypeError, ValueError
        As in `heatmap` and `attnwidget.rollout`.
    """
    if not len(ratios):
        raise ValueError("There are no ratios to draw; pass at least one in [0, 1).")
    settings = RolloutSettings(fusion, 0.0, residual, receptive_field, skip_first, stream)
    drawn = {
        f"discard ratio {ratio:g}": replace(settings, discard_ratio=ratio).rollout(data)
        for ratio in ratios
    }
    heading = join("rollout by discard ratio", f"{fusion} of heads", *settings.in_words())
    return _draw(data, tokens, stream, drawn, heading, **style)


@takes_style(PanelStyle)
def fusions(
    data: Source,
    tokens: Labels = None,
    *,
    discard_ratio: float = 0.0,
    residual: bool = True,
    receptive_field: bool = False,
    skip_first: bool = False,
    stream: str | None = None,
    **style: Unpack[PanelStyle],
) -> Figure:
    """Draw the rollout with heads fused by mean, max and min.

    Parameters
    ----------
    data, tokens
        As in `evolution`.
    discard_ratio, residual, receptive_field, skip_first, stream
        As in `attnwidget.rollout`.
    **style
        How the figure looks; `PanelStyle` lists the keywords.

    Returns
    -------
    Figure

    Raises
    ------
    ImportError, IndexError, KeyError, TypeError, ValueError
        As in `heatmap` and `attnwidget.rollout`.
    """
    settings = RolloutSettings("mean", discard_ratio, residual, receptive_field, skip_first, stream)
    drawn = {
        f"{fusion} of heads": replace(settings, fusion=fusion).rollout(data) for fusion in FUSIONS
    }
    heading = join("rollout by fusion", *settings.in_words())
    return _draw(data, tokens, stream, drawn, heading, **style)


def _draw(
    data: Source,
    tokens: Labels,
    stream: str | None,
    matrices: dict[str, Tensor],
    heading: str,
    **style: Unpack[PanelStyle],
) -> Figure:
    queries, keys, split = _sides(data, tokens, stream)
    panels = [
        Panel(matrix.double().numpy(), queries, keys, name, split)
        for name, matrix in matrices.items()
    ]
    return multiples(panels, join(name_of(data), stream or "", heading), "rollout", **style)


def _sides(data: Source, tokens: Labels, stream: str | None) -> tuple[Tokens, Tokens, int | None]:
    """Return the labels of rows and columns, and the first column of source tokens or None."""
    if stream is None and isinstance(data, Trace) and "cross" in data and len(data) > 1:
        cross = data["cross"]
        targets, sources = labels_of(cross, tokens, None)
        return targets, targets.followed_by(sources), len(targets)
    queries, keys = labels_of(stream_from(data, stream), tokens, None)
    return queries, keys, None
