"""Bars of token importance."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attnwidget.analysis import token_importance as importance_of
from attnwidget.analysis.token_importance import Direction
from attnwidget.methods.fusion import Fusion
from attnwidget.plot.blank import canvas, laid_out
from attnwidget.plot.draw import TITLE
from attnwidget.plot.labels import PLAIN, label_keys, room, rule_written, side_name, wrapped
from attnwidget.plot.panel import Labels, join, panel_of
from attnwidget.plot.scale import SIGNED
from attnwidget.trace import Array, Indexer, Stream, Trace

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

TOLERANCE = 1e-3
"""Largest error of the sum of shares."""

INK = "#2f6f9f"
"""Colour of the bars."""

POSITIVE, NEGATIVE = SIGNED[-2], SIGNED[1]
"""Colours of bars above and below zero, where there are any below."""


def token_importance(
    data: Trace | Stream | Array | list[tuple[str, float]],
    tokens: Labels = None,
    direction: Direction = "incoming",
    *,
    normalize: bool = True,
    layer: int = -1,
    heads: Indexer = None,
    fusion: Fusion = "mean",
    stream: str | None = None,
    title: str | None = None,
    ax: Axes | None = None,
) -> Figure:
    """Draw the importance of each token as a bar.

    Parameters
    ----------
    data
        The list that `attnwidget.token_importance` returns; scores (n_q, n_k) or (H, n_q, n_k), of
        either sign; or a Trace or Stream, of which one layer is taken.
    tokens, direction, normalize
        As in `attnwidget.token_importance`. A list is drawn as it is.
    layer, heads, fusion, stream
        The matrix of a trace to take.
    title, ax
        As in `MatrixStyle`.

    Returns
    -------
    Figure

    Raises
    ------
    ImportError, IndexError, KeyError, ValueError
        As in `heatmap` and `attnwidget.token_importance`.
    """
    listed = _listed(data)
    name, labels = "", None
    if listed is None:
        sides = (tokens, None) if direction == "outgoing" else (None, tokens)
        panel = panel_of(data, *sides, stream=stream, layer=layer, heads=heads, fusion=fusion)
        labels = panel.keys if direction == "incoming" else panel.queries
        signed = bool((panel.values < 0).any())
        listed = importance_of(panel.values, labels, direction, normalize=normalize, signed=signed)
        name = panel.title
    names, values = [token for token, _ in listed], [value for _, value in listed]
    count = len(names)
    pitch = min(0.55, max(0.16, 6.0 / count))
    figure, axis = canvas(ax, count * pitch + 1.2, 2.6 + room(names, pitch))
    if ax is not None:
        pitch = ax.get_window_extent().width / count / figure.dpi
    signed = min(values) < 0
    colors = [NEGATIVE if value < 0 else POSITIVE if signed else INK for value in values]
    bars = axis.bar(range(count), values, width=0.75, color=colors)
    if signed:
        axis.axhline(0, color="0.35", linewidth=0.8)
    axis.set_xlim(-0.7, count - 0.3)
    axis.spines[["top", "right"]].set_visible(False)
    axis.tick_params(axis="x", length=0)
    axis.tick_params(axis="y", labelsize=8)
    label_keys(axis, names, pitch)
    if labels is not None:
        rule_written(axis, labels, "x")
        axis.set_xlabel(side_name("", labels).strip(), fontsize=9, color="0.35")
    whole = "sum, over all magnitudes" if signed else "share of all scores"
    if sum(map(abs, values)) > 1 + TOLERANCE:
        whole = "sum of scores"
    axis.set_ylabel(whole, fontsize=9, color="0.35")
    heading = join("token importance", direction, name)
    shown = heading if title is None else title
    axis.set_title(wrapped(shown, max(3.0, count * pitch), TITLE), fontsize=TITLE, **PLAIN)
    if pitch >= 0.4:
        shown_values = [f"{value:.3g}".replace("-", "−") for value in values]
        axis.bar_label(bars, shown_values, fontsize=8, padding=2)
    return laid_out(figure)


def _listed(data: object) -> list[tuple[str, float]] | None:
    """Return `data` if it is a list of tokens with their importance, else None."""
    if isinstance(data, list) and data and all(_is_pair(entry) for entry in data):
        return data
    return None


def _is_pair(entry: object) -> bool:
    return isinstance(entry, tuple) and len(entry) == 2 and isinstance(entry[0], str)
