"""Empty figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def blank(width: float, height: float) -> Figure:
    """Return an empty figure of a size in inches that pyplot knows nothing of.

    Raises
    ------
    ImportError
        Matplotlib is not installed.
    """
    try:
        from attnwidget.plot.picture import Picture
    except ImportError as error:
        raise ImportError(
            "Figures need matplotlib. Install it with: pip install 'attnwidget[plot]'"
        ) from error
    return Picture(figsize=(width, height), layout="constrained")


def canvas(ax: Axes | None, width: float, height: float) -> tuple[Figure, Axes]:
    """Return where to draw a figure of one axis: `ax`, or a new figure of a size in inches."""
    if ax is None:
        figure = blank(width, height)
        return figure, figure.add_subplot()
    # Of a subfigure this is the figure that it is part of, of a figure itself.
    return ax.figure.figure, ax


def settled(figure: Figure) -> Figure:
    """Return a new figure laid out: labels are where they stay, however it is drawn or saved."""
    if figure.get_constrained_layout():
        # What labels need is known only when they have been placed once.
        figure.draw_without_rendering()
    return figure
