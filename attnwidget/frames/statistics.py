"""Frames of the statistics and the pattern of one matrix."""

import math
from dataclasses import dataclass, replace
from typing import Any

import torch

from attnwidget.analysis import pattern, statistics
from attnwidget.frames.frame import Frame
from attnwidget.frames.matrix_of import MatrixOf
from attnwidget.frames.reader import Reader
from attnwidget.frames.score_rows import is_ready
from attnwidget.frames.visible_rows import VisibleRows
from attnwidget.frames.workspace import Workspace
from attnwidget.methods.progress import Progress
from attnwidget.methods.scores_of import ScoresOf

QUICK_SCORES = 1 << 16
"""Most entries of a matrix whose statistics take a few hundredths of a second."""


@dataclass(frozen=True)
class StatisticsWant:
    """A request for the statistics of a matrix.

    Attributes
    ----------
    scores
        The matrix; several heads are fused.
    """

    scores: ScoresOf

    @classmethod
    def read(cls, reader: Reader) -> "StatisticsWant":
        """Read the fields of the request."""
        return cls(replace(reader.scores(), into_one=True))

    def to_json(self) -> dict[str, Any]:
        """Return the request as the front end writes it."""
        return {"kind": "statistics", **self.scores.to_json()}

    def is_quick(self, workspace: Workspace) -> bool:
        """Return whether the frame is made at once."""
        stream = workspace.trace[self.scores.stream]
        small = len(stream.queries) * len(stream.keys) <= QUICK_SCORES
        return small and is_ready(workspace, self.scores)


def statistics_frame(
    workspace: Workspace, want: StatisticsWant, progress: Progress = None
) -> Frame:
    """Make the frame: `attnwidget.statistics`, null if a figure is undefined, and the pattern.

    Nothing is hidden or filtered.
    """
    shown = MatrixOf(VisibleRows(want.scores))
    blocks = shown.blocks(workspace, progress)
    matrix = torch.cat([torch.from_numpy(rows) for _, rows in blocks])
    described = statistics(matrix, signed=shown.signed)
    figures = {name: value if math.isfinite(value) else None for name, value in described.items()}
    fields = {"statistics": figures, "pattern": pattern(matrix, signed=shown.signed)}
    return Frame("statistics", want.to_json(), {}, fields)
