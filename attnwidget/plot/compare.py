"""Two matrices side by side, and their difference."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Unpack

from attnwidget.methods.fusion import Fusion
from attnwidget.plot.heatmap import draw_single
from attnwidget.plot.multiples import multiples
from attnwidget.plot.panel import Labels, Panel, join, panel_of, stream_of
from attnwidget.plot.settings import RolloutSettings
from attnwidget.plot.style import FigureStyle, MatrixStyle, takes_style
from attnwidget.trace import Array, Indexer, Stream, Trace
from attnwidget.trace.indexing import resolve_index

if TYPE_CHECKING:
    from matplotlib.figure import Figure


@takes_style(FigureStyle)
def compare(
    first: Trace | Stream | Array,
    second: Trace | Stream | Array | None = None,
    tokens: Labels = None,
    *,
    key_tokens: Labels = None,
    layer: int = -1,
    heads: Indexer = None,
    fusion: Fusion = "mean",
    discard_ratio: float = 0.0,
    residual: bool = True,
    receptive_field: bool = False,
    skip_first: bool = False,
    stream: str | None = None,
    titles: tuple[str, str] | None = None,
    **style: Unpack[FigureStyle],
) -> Figure:
    """Draw two matrices side by side with one scale.

    Parameters
    ----------
    first, second
        Scores (n_q, n_k) or (H, n_q, n_k) such as the attention and the flow of a layer; or traces
        of two models on the same tokens. With one Trace alone, the second matrix is the rollout up
        to the layer.
    tokens, key_tokens
        As in `heatmap`.
    layer, heads, fusion, stream
        The matrix of each trace to draw.
    discard_ratio, residual, receptive_field, skip_first
        Settings of the rollout, where the second matrix is one; as in `attnwidget.rollout`.
    titles
        Titles of the two matrices.
    **style
        How the figure looks; `FigureStyle` lists the keywords.

    Returns
    -------
    Figure

    Raises
    ------
    ValueError
        The two have different shapes, a second is missing, a setting of the rollout is given and
        none is drawn, or as in `heatmap`.
    ImportError, IndexError, KeyError, TypeError
        As in `heatmap`.
    """
    settings = RolloutSettings(fusion, discard_ratio, residual, receptive_field, skip_first, stream)
    panels = _pair(first, second, tokens, key_tokens, layer, heads, settings)
    if titles is not None:
        panels = [panel.titled(name) for panel, name in zip(panels, titles, strict=True)]
    return multiples(panels, "", "score", **style)


@takes_style(MatrixStyle)
def difference(
    first: Trace | Stream | Array,
    second: Trace | Stream | Array | None = None,
    tokens: Labels = None,
    *,
    key_tokens: Labels = None,
    layer: int = -1,
    heads: Indexer = None,
    fusion: Fusion = "mean",
    discard_ratio: float = 0.0,
    residual: bool = True,
    receptive_field: bool = False,
    skip_first: bool = False,
    stream: str | None = None,
    **style: Unpack[MatrixStyle],
) -> Figure:
    """Draw second minus first: blue where the second is greater, orange where the first is.

    Parameters
    ----------
    first, second, tokens, key_tokens, layer, heads, fusion, stream
        As in `compare`.
    discard_ratio, residual, receptive_field, skip_first
        As in `compare`.
    **style
        How the figure looks; `MatrixStyle` lists the keywords.
        A `cmap` should be diverging.

    Returns
    -------
    Figure

    Raises
    ------
    ImportError, IndexError, KeyError, TypeError, ValueError
        As in `compare`.
    """
    settings = RolloutSettings(fusion, discard_ratio, residual, receptive_field, skip_first, stream)
    before, after = _pair(first, second, tokens, key_tokens, layer, heads, settings)
    names = after.title or "second", before.title or "first"
    panel = Panel(
        after.values - before.values,
        before.queries,
        before.keys,
        f"{names[0]}\nless {names[1]}",
        before.split,
    )
    return draw_single(panel, quantity="difference", signed=True, **style)


def _pair(
    first: Trace | Stream | Array,
    second: Trace | Stream | Array | None,
    tokens: Labels,
    key_tokens: Labels,
    layer: int,
    heads: Indexer,
    settings: RolloutSettings,
) -> list[Panel]:
    stream, fusion, given = settings.stream, settings.fusion, settings.in_words()
    if second is not None and given:
        raise ValueError(
            f"These settings, {', '.join(given)}, are of the rollout, which is drawn where a Trace "
            "is given alone. Leave them out, or pass them to attnwidget.rollout and draw its "
            "result."
        )

    def drawn(data: Trace | Stream | Array) -> Panel:
        return panel_of(
            data, tokens, key_tokens, stream=stream, layer=layer, heads=heads, fusion=fusion
        )

    left = drawn(first)
    right = _rolled_out(first, left, layer, settings) if second is None else drawn(second)
    if left.values.shape != right.values.shape:
        raise ValueError(
            "Two matrices that are compared must have the same shape, but these are "
            f"{left.values.shape} and {right.values.shape}."
        )
    return [left, right]


def _rolled_out(
    data: Trace | Stream | Array, left: Panel, layer: int, settings: RolloutSettings
) -> Panel:
    if not isinstance(data, (Trace, Stream)):
        raise ValueError(
            "A second matrix is missing: pass compare(first, second, tokens), or a Trace alone, "
            "whose rollout is the second."
        )
    chosen = stream_of(data, settings.stream)
    if len(chosen.queries) != len(chosen.keys):
        raise ValueError(
            f"{chosen.name!r} attends to other tokens and has no rollout of its own. Pass the "
            "second matrix."
        )
    place = resolve_index(layer, chosen.num_layers, "layer")
    matrix = replace(settings, stream=None).rollout(chosen, slice(0, place + 1))
    first, last = chosen.layer_numbers[0], chosen.layer_numbers[place]
    name = f"rollout of layers {first} to {last}" if place else f"rollout of layer {first}"
    title = join(name, *settings.in_words())
    return Panel(matrix.double().numpy(), left.queries, left.keys, title)
