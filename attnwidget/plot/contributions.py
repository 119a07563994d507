"""Bars of the parts of a logit."""

from __future__ import annotations

from typing import TYPE_CHECKING

from attnwidget.methods import Contributions
from attnwidget.methods.part_names import below_in_words, rests_in_words
from attnwidget.plot.blank import canvas, laid_out
from attnwidget.plot.draw import TITLE
from attnwidget.plot.labels import PLAIN
from attnwidget.shared import COLORS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

PITCH = 0.2
"""Height of a bar with the gap below it, in inches."""


def contributions(
    parts: Contributions, *, title: str | None = None, ax: Axes | None = None
) -> Figure:
    """Draw the parts of a logit as bars to both sides of zero, from the embedding up.

    Parameters
    ----------
    parts
        What `attnwidget.logit_contributions` returns.
    title, ax
        As in `MatrixStyle`.

    Returns
    -------
    Figure
        One bar for the embedding, for the heads of each layer together, for each feed-forward layer
        and for the biases. They sum to the logit, which the title says.

    Raises
    ------
    ImportError
        Matplotlib is not installed.
    ValueError
        `parts` are no contributions.
    """
    if not isinstance(parts, Contributions):
        raise ValueError(
            "parts must be what attnwidget.logit_contributions(trace) returns, but "
            f"{type(parts).__name__} was given."
        )
    rows = _rows(parts)
    names, values = [name for name, _ in rows], [value for _, value in rows]
    figure, axis = canvas(ax, 5.6, PITCH * len(rows) + 0.9)
    signs = COLORS["signs"]["light"]
    colors = [signs["positive"] if value >= 0 else signs["negative"] for value in values]
    bars = axis.barh(range(len(rows)), values, height=0.75, color=colors)
    axis.set_yticks(range(len(rows)), names, fontsize=8)
    axis.set_ylim(len(rows) - 0.4, -0.6)
    axis.margins(x=0.14)
    axis.axvline(0, color="0.35", linewidth=0.8)
    axis.spines[["top", "right", "left"]].set_visible(False)
    axis.tick_params(axis="y", length=0)
    axis.tick_params(axis="x", labelsize=8)
    axis.bar_label(bars, fmt="%.3g", fontsize=7, padding=2)
    what = "logit" if parts.target.versus is None else "difference of two logits"
    axis.set_xlabel(f"contribution to the {what}", fontsize=9, color="0.35")
    shown = f"{what} {parts.logit:.3g} at token {parts.target.position}, by parts"
    axis.set_title(shown if title is None else title, fontsize=TITLE, **PLAIN)
    return laid_out(figure)


def _rows(parts: Contributions) -> list[tuple[str, float]]:
    """Return the name and the value of each bar, from the embedding up."""
    own = parts.layer_numbers
    numbers = own or range(len(parts.mlps))
    below = "embedding" if own is None else below_in_words(own)
    plain = [f"layer {number} feed-forward" for number in numbers]
    rests = plain if own is None else rests_in_words(own)
    rows = [(below, parts.embedding)]
    for layer, mlp in enumerate(parts.mlps.tolist()):
        for stream, heads in parts.by_stream().items():
            name = "heads" if parts.cross is None else f"{stream} heads"
            rows.append((f"layer {numbers[layer]} {name}", float(heads[layer].double().sum())))
        rows.append((rests[layer], mlp))
    return [*rows, ("bias", parts.bias)]
