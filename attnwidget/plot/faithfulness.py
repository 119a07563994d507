"""Deletion and insertion curves of methods."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from attnwidget.analysis.faithfulness.collected import CEILING, RANDOM
from attnwidget.analysis.faithfulness.table import FaithfulnessTable
from attnwidget.plot.blank import blank, laid_out
from attnwidget.plot.draw import TITLE
from attnwidget.plot.labels import PLAIN, shortened, wrapped

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK = "0.15"
"""Colour of the ceiling."""

PALE = "0.6"
"""Colour of the random orders."""

DASHES = ("-", "--", ":")
"""Styles of the lines of rows that share a colour."""

DONE = {"cut": "cut off", "remove": "removed", "mask": "masked"}
"""How tokens were deleted, in a title."""

PANEL = 3.4
"""Width and height of a panel, in inches."""


def faithfulness(
    table: FaithfulnessTable,
    methods: Sequence[str] | None = None,
    *,
    title: str | None = None,
) -> Figure:
    """Draw the deletion and the insertion curves of methods.

    Leave-one-out is drawn in black, random orders in grey: their mean, and a band from the lowest
    to the highest of the orders. Rows of one method share a colour.

    Parameters
    ----------
    table
        What `attnwidget.faithfulness` returns.
    methods
        Names of rows to draw beside these two; None for all.
    title
        Title of the figure; None: the number of texts and how tokens were deleted.

    Returns
    -------
    Figure

    Raises
    ------
    ImportError
        Matplotlib is not installed.
    KeyError
        The table has no such row.
    ValueError
        `table` is something else.
    """
    if not isinstance(table, FaithfulnessTable):
        raise ValueError(
            f"table must be what attnwidget.faithfulness returns, but a {type(table).__name__} was "
            "given."
        )
    named = [name for name in table if name not in (CEILING, RANDOM)]
    chosen = named if methods is None else [name for name in methods if table[name]]
    figure = blank(2 * PANEL + 2.6, PANEL + 0.5)
    left, right = figure.subplots(1, 2)
    for axis, side in ((left, "deletion"), (right, "insertion")):
        _draw(axis, table, chosen, side)
    left.set_title("deletion: higher is better", fontsize=TITLE)
    right.set_title("insertion: lower is better", fontsize=TITLE)
    left.set_xlabel("best tokens taken away", fontsize=9, color="0.35")
    right.set_xlabel("best tokens left alone", fontsize=9, color="0.35")
    left.set_ylabel(f"fall of the target, {table.unit}", fontsize=9, color="0.35")
    legend = right.legend(
        frameon=False, fontsize=8, loc="upper left", bbox_to_anchor=(1.02, 1.02), handlelength=2.6
    )
    for text in legend.get_texts():
        text.set(**PLAIN)
    texts = "1 text" if table.num_texts == 1 else f"{table.num_texts} texts"
    heading = f"faithfulness · {texts} · tokens {DONE[table.removal]}" if title is None else title
    figure.suptitle(wrapped(heading, 2 * PANEL, TITLE), fontsize=TITLE, **PLAIN)
    return laid_out(figure)


def _draw(axis: Axes, table: FaithfulnessTable, names: Sequence[str], side: str) -> None:
    from matplotlib import colormaps
    from matplotlib.ticker import PercentFormatter

    shares = list(table.shares)
    orders = table.random_deletion if side == "deletion" else table.random_insertion
    axis.fill_between(shares, orders.min(0), orders.max(0), color=PALE, alpha=0.25, linewidth=0)
    axis.plot(shares, getattr(table[RANDOM], side), color=PALE, linewidth=2, label=RANDOM)
    axis.plot(shares, getattr(table[CEILING], side), color=INK, linewidth=2, label=CEILING)
    families = list(dict.fromkeys(_family(name) for name in names))
    # Strong colours, then their pale ones; without the greys, which are those of random orders.
    places = [place for place in (*range(0, 20, 2), *range(1, 20, 2)) if place // 2 != 7]
    colours = [colormaps["tab20"](place) for place in places]
    drawn: dict[str, int] = {}
    for name in names:
        family = _family(name)
        axis.plot(
            shares,
            getattr(table[name], side),
            DASHES[drawn.setdefault(family, 0) % len(DASHES)],
            color=colours[families.index(family) % len(colours)],
            linewidth=1.3,
            marker="o",
            markersize=2.5,
            label=name if len(name) <= 30 else shortened(name),
        )
        drawn[family] += 1
    axis.axhline(0, color="0.85", linewidth=0.8, zorder=0)
    axis.xaxis.set_major_formatter(PercentFormatter(1, decimals=0))
    axis.tick_params(labelsize=8)
    axis.spines[["top", "right"]].set_visible(False)


def _family(name: str) -> str:
    """Return what the rows of one method have in common."""
    return name.partition(",")[0]
