"""One matrix, or the difference of two, in blocks of rows."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from attnwidget.frames.visible_rows import BLOCK_ELEMENTS, VisibleRows
from attnwidget.frames.workspace import Workspace
from attnwidget.methods.progress import Progress
from attnwidget.methods.registry import method_of
from attnwidget.trace import Trace

Values = NDArray[np.float32]


@dataclass(frozen=True)
class MatrixOf:
    """The scores that a selection shows as one matrix.

    Attributes
    ----------
    shown
        The rows, with heads fused to one.
    minus
        The rows to subtract, or None.
    """

    shown: VisibleRows
    minus: VisibleRows | None = None

    @property
    def terms(self) -> tuple[VisibleRows, ...]:
        """The rows that the matrix is computed from."""
        return (self.shown,) if self.minus is None else (self.shown, self.minus)

    @property
    def signed(self) -> bool:
        """True if values may be negative: those of a difference, or of a signed method."""
        return self.minus is not None or self.shown.signed

    @property
    def bounded(self) -> bool:
        """True if values are shares of 1, or differences of such."""
        return all(method_of(term.scores).bounded for term in self.terms)

    def shape(self, trace: Trace) -> tuple[int, int]:
        """Return the shape (n_q, n_k)."""
        return self.shown.num_rows(trace)[1:]

    def num_weights(self, trace: Trace) -> int:
        """Return the number of weights that the whole matrix is computed from."""
        stream = trace[self.shown.scores.stream]
        heads = sum(term.scores.num_heads(stream) for term in self.terms)
        return heads * len(stream.queries) * len(stream.keys)

    def blocks(
        self, workspace: Workspace, progress: Progress = None, queries: slice | None = None
    ) -> Iterator[tuple[int, Values]]:
        """Yield blocks of a range of queries: the first row's number and the rows, (m, n_k)."""
        count, _ = self.shape(workspace.trace)
        first, last, _ = (queries or slice(None)).indices(count)
        terms = [term.rows(workspace, progress) for term in self.terms]
        size = max(1, BLOCK_ELEMENTS // (self.num_weights(workspace.trace) // count))
        for start in range(first, last, size):
            part = slice(start, min(start + size, last))
            values, *others = (term(part).weights[0].numpy() for term in terms)
            for other in others:
                values -= other
            yield start, values
            if callable(progress):
                progress(part.stop - first, last - first)
