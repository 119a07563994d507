"""Frames of matrices, or of parts of them, pooled to the size of the drawing."""

from dataclasses import dataclass, replace
from typing import Any

from attnwidget.frames.frame import Frame
from attnwidget.frames.halves import as_halves
from attnwidget.frames.matrix_figures import matrix_figures
from attnwidget.frames.matrix_of import MatrixOf
from attnwidget.frames.pooling import Pooled
from attnwidget.frames.reader import Reader
from attnwidget.frames.score_rows import is_ready
from attnwidget.frames.workspace import Workspace
from attnwidget.methods.progress import Progress
from attnwidget.methods.scores_of import ScoresOf

SIZE = 256
LARGEST_SIZE = 2048
QUICK_WEIGHTS = 1 << 22
"""Most weights from which a matrix is computed in a few hundredths of a second."""
MINUS_FIELDS = ("layer", "heads", "method", "fusion")

Span = tuple[int, int] | None


@dataclass(frozen=True)
class MatrixWant:
    """A request for a matrix.

    Attributes
    ----------
    matrix
        The matrix, or the difference of two.
    queries, keys
        The part to draw, as (start, stop); None for all of it.
    size
        Most cells along each side.
    """

    matrix: MatrixOf
    queries: Span = None
    keys: Span = None
    size: int = SIZE

    @classmethod
    def read(cls, reader: Reader) -> "MatrixWant":
        """Read the fields of the request."""
        shown = reader.shown()
        stream = reader.trace[shown.scores.stream]
        subtrahend = reader.part("minus", MINUS_FIELDS)
        minus = None
        if subtrahend is not None:
            scores = subtrahend.scores_like(shown.scores)
            minus = replace(shown, scores=scores.in_one())
        shown = replace(shown, scores=shown.scores.in_one())
        return cls(
            MatrixOf(shown, minus),
            reader.span("queries", len(stream.queries)),
            reader.span("keys", len(stream.keys)),
            reader.amount("size", SIZE, LARGEST_SIZE),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the request as the front end writes it."""
        minus = self.matrix.minus
        return {
            "kind": "matrix",
            **self.matrix.shown.to_json(),
            "queries": None if self.queries is None else list(self.queries),
            "keys": None if self.keys is None else list(self.keys),
            "size": self.size,
            "minus": None if minus is None else _minus_json(minus.scores),
        }

    def is_quick(self, workspace: Workspace) -> bool:
        """Return whether the frame is made at once."""
        if not all(is_ready(workspace, term.scores) for term in self.matrix.terms):
            return False
        return self.matrix.num_weights(workspace.trace) <= QUICK_WEIGHTS


def matrix_frame(workspace: Workspace, want: MatrixWant, progress: Progress = None) -> Frame:
    """Make the frame.

    ``cells`` (r, c), times the header's ``unit``, cover the requested part, by the rule of
    `Pooled`: a cell is the largest value that it covers, in a difference and of a signed method the
    value of largest magnitude. All other arrays describe the whole matrix: the figures of
    `MatrixFigures`.
    """
    matrix = want.matrix
    figures = workspace.get(
        ("figures", matrix), lambda report: matrix_figures(workspace, matrix, report), progress
    )
    queries, keys = (
        slice(*(span or (0, size)))
        for span, size in zip((want.queries, want.keys), matrix.shape(workspace.trace), strict=True)
    )
    pooled = Pooled(
        1,
        queries.stop - queries.start,
        keys.stop - keys.start,
        want.size,
        magnitude=matrix.signed,
    )
    for start, values in matrix.blocks(workspace, progress, queries):
        pooled.add(start - queries.start, values[None, :, keys])
    (cells,), unit = as_halves(pooled.cells[0], bounded=matrix.bounded)
    return Frame(
        "matrix",
        want.to_json(),
        {
            "cells": cells,
            "incoming": figures.incoming,
            "outgoing": figures.outgoing,
            "critical": figures.critical,
        },
        {"low": figures.low, "high": figures.high, "unit": unit},
    )


def _minus_json(scores: ScoresOf) -> dict[str, Any]:
    fields = scores.to_json()
    return {name: fields[name] for name in MINUS_FIELDS}
