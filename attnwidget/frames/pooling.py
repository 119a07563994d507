"""Pooling of large matrices to the cells of a drawing."""

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float32]


class Pooled:
    """Cells of matrices, each the largest value that it covers; rows are added in order.

    With n rows and r rows of cells, row i falls into row ``i * r // n``; columns likewise.

    Parameters
    ----------
    matrices, rows, columns
        Number of matrices, and their size.
    size
        Most cells along each side.
    magnitude
        Choose the value of the largest magnitude, of either sign.

    Attributes
    ----------
    cells
        (matrices, r, c) float32; all zero until rows are added.
    """

    def __init__(
        self, matrices: int, rows: int, columns: int, size: int, *, magnitude: bool = False
    ) -> None:
        self.cells: Values = np.zeros((matrices, min(size, rows), min(size, columns)), np.float32)
        self._row_of = np.arange(rows) * self.cells.shape[1] // rows
        self._columns = _starts(np.arange(columns) * self.cells.shape[2] // columns)
        self._magnitude = magnitude

    def add(self, start: int, values: Values) -> None:
        """Add rows from `start` on, (matrices, m, columns); not negative without `magnitude`."""
        row_of = self._row_of[start : start + values.shape[1]]
        pooled = _pool(np.maximum, values, row_of, self._columns)
        part = self.cells[:, row_of[0] : row_of[-1] + 1]
        if self._magnitude:
            lowest = _pool(np.minimum, values, row_of, self._columns)
            pooled = np.where(-lowest > pooled, lowest, pooled)
            np.copyto(part, pooled, where=np.abs(pooled) > np.abs(part))
        else:
            np.maximum(part, pooled, out=part)


def _pool(
    reduce: np.ufunc, values: Values, row_of: NDArray[np.int64], columns: NDArray[np.int64]
) -> Values:
    across: Values = reduce.reduceat(values, columns, axis=2)
    down: Values = reduce.reduceat(across, _starts(row_of), axis=1)
    return down


def _starts(groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the start of each run of equal numbers."""
    return np.flatnonzero(np.diff(groups, prepend=groups[0] - 1))
