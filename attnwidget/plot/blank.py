"""Empty figures."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure


def blank(width: float, height: float) -> Figure:
    """Return an empty figure, not registered with pyplot; width and height are in inches.

    Raises
    ------
    ImportError
        Matplotlib is not installed.
    """
    try:
        from attnwidget.plot.notebook_figure import NotebookFigure
    except ImportError as error:
        raise ImportError(
            "Figures need matplotlib. Install it with: pip install 'attnwidget[plot]'"
        ) from error
    return NotebookFigure(figsize=(width, height), layout="constrained")


def canvas(ax: Axes | None, width: float, height: float) -> tuple[Figure, Axes]:
    """Return a figure and its axes: those of `ax`, or new ones of `width` by `height` inches."""
    if ax is None:
        figure = blank(width, height)
        return figure, figure.add_subplot()
    # `figure.figure` is the top-level figure where the axes lie in a subfigure.
    return ax.figure.figure, ax


def laid_out(figure: Figure) -> Figure:
    """Return the figure after its layout is computed, so that labels do not move later."""
    if figure.get_constrained_layout():
        # The space that labels need is known only after they are placed once.
        figure.draw_without_rendering()
    return figure
