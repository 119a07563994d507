"""Figures of a whole matrix: means, strongest connections, smallest and largest value."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attnwidget.analysis.head_figures import attends_to_itself
from attnwidget.frames.matrix_of import MatrixOf, Values
from attnwidget.frames.topk import largest
from attnwidget.frames.workspace import Workspace
from attnwidget.methods.progress import Progress
from attnwidget.shared import LIMITS

STRONGEST = LIMITS["matrix"]["strongest"]
"""Most connections that are listed."""


@dataclass(frozen=True, eq=False)
class MatrixFigures:
    """Figures of a whole matrix, or of the difference of two.

    Attributes
    ----------
    incoming
        (n_k,) mean of each column.
    outgoing
        (n_q,) mean of each row.
    critical
        (3, K) query, key and value of the connections of largest magnitude, strongest first,
        without connections of a token to itself or of weight 0.
    low, high
        The smallest and the largest value.
    """

    incoming: Values
    outgoing: Values
    critical: Values
    low: float
    high: float

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""
        return self.incoming.nbytes + self.outgoing.nbytes + self.critical.nbytes


def matrix_figures(
    workspace: Workspace, matrix: MatrixOf, progress: Progress = None
) -> MatrixFigures:
    """Compute the figures block by block."""
    queries, keys = matrix.shape(workspace.trace)
    itself = attends_to_itself(workspace.trace[matrix.shown.scores.stream])
    columns, rows = np.zeros(keys), np.zeros(queries, np.float32)
    candidates: list[NDArray[np.float64]] = []
    low, high = np.inf, -np.inf
    for start, values in matrix.blocks(workspace, progress):
        low, high = min(low, float(values.min())), max(high, float(values.max()))
        columns += values.sum(0, dtype=np.float64)
        rows[start : start + len(values)] = values.mean(1)
        if itself:
            own = np.arange(len(values))
            values[own, start + own] = 0.0
        candidates.append(_strongest(start, values))
    found = np.concatenate(candidates, axis=1)
    order = np.argsort(-np.abs(found[2]), kind="stable")[:STRONGEST]
    return MatrixFigures(
        (columns / queries).astype(np.float32),
        rows,
        found[:, order].astype(np.float32),
        low,
        high,
    )


def _strongest(start: int, values: Values) -> NDArray[np.float64]:
    """Return query, key and value of the strongest connections of some rows, (3, K)."""
    count = min(STRONGEST, values.size)
    (places,), (magnitudes,) = largest(np.abs(values).reshape(1, -1), count)
    places = places[magnitudes > 0]
    queries, keys = np.divmod(places, values.shape[1])
    return np.stack([start + queries, keys, values[queries, keys]]).astype(np.float64)
