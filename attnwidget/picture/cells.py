"""Cells of a matrix as one path for each colour: far less text than a rectangle each."""

from collections import defaultdict

import numpy as np
from numpy.typing import NDArray

from attnwidget.picture.svg import element, number


def cell_paths(
    steps: NDArray[np.int64],
    colors: tuple[str, ...],
    size: tuple[float, float],
    blank: NDArray[np.bool_] | None = None,
    pitch: float | None = None,
) -> list[str]:
    """Return the cells as paths, from (0, 0).

    Parameters
    ----------
    steps
        (rows, columns): each cell's place among `colors`.
    size
        Width and height of a cell.
    blank
        Cells that stay paper.
    pitch
        From one row to the next; None where rows touch.
    """
    width, height = size
    marks: dict[int, list[str]] = defaultdict(list)
    rows, columns = steps.shape
    across = [number(width * column) for column in range(columns)]
    square = f"h{number(width)}v{number(height)}h{number(-width)}z"
    for row in range(rows):
        down = number((height if pitch is None else pitch) * row)
        for column in range(columns):
            if blank is None or not blank[row, column]:
                marks[int(steps[row, column])].append(f"M{across[column]} {down}{square}")
    return [
        element("path", d="".join(marks[step]), fill=colors[step], shape_rendering="crispEdges")
        for step in sorted(marks)
    ]
