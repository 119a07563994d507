"""Find which patch of an image each position is, in whatever order a model puts them."""

from math import isqrt

import torch
from torch import Tensor

from attnwidget.capture.attention.layout import Grid
from attnwidget.capture.gradients.residual import residual_of
from attnwidget.capture.gradients.side import Side, sides
from attnwidget.trace.tiles import NOWHERE

MOST_MAPS = 3
"""Most maps that are tried, the last ones first."""


def image_grid(maps: list[Tensor], positions: Side, share: tuple[int, int]) -> Grid | None:
    """Return the patches that the positions of a tensor are, None if it cannot be told.

    A patch of the map goes on as one position, in a graph from which attention is cut; as many
    others as a side of the position is wider may go on as the same one.

    Parameters
    ----------
    maps
        Maps (B, C, rows, columns) that convolutions made in the run.
    positions
        The tensor, of shape (B, n, D).
    share
        Index and number of the traced entry among those of a batch.
    """
    if positions.tensor.ndim != 3 or positions.axis != 2:
        return None
    found = (_grid_of(each, positions, share) for each in reversed(maps[-MOST_MAPS:]))
    return next((grid for grid in found if grid is not None), None)


def _grid_of(image: Tensor, given: Side, share: tuple[int, int]) -> Grid | None:
    (rows, columns), count = image.shape[2:], given.tensor.shape[1]
    side = isqrt(rows * columns // count)
    if len(image) != len(given.tensor) or side == 0 or rows % side or columns % side:
        return None
    grid = Grid(rows // side, columns // side)
    if grid.size != count:
        return None
    *_, patches = sides(image)
    goes_on = residual_of(patches, given)
    if goes_on is None:
        return None
    entry = share[0] * rows * columns
    positions = goes_on[entry : entry + rows * columns]
    known = positions != NOWHERE
    positions = positions - torch.where(known, share[0] * count, 0)
    place = torch.arange(rows * columns, device="cpu")
    cells = place // columns // side * grid.columns + place % columns // side
    return _in_order(grid, positions[known], cells[known])


def _in_order(grid: Grid, positions: Tensor, cells: Tensor) -> Grid | None:
    """Return the grid with the cell of each position, None unless each has one of its own."""
    if not len(positions) or int(positions.min()) < 0 or int(positions.max()) >= grid.size:
        return None
    order = torch.full((grid.size,), NOWHERE, device="cpu")
    order[positions] = cells
    rows = torch.arange(grid.size, device="cpu")
    if not torch.equal(order[positions], cells) or not torch.equal(order.sort().values, rows):
        return None
    return grid if torch.equal(order, rows) else grid._replace(order=tuple(order.tolist()))
