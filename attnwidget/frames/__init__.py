"""Frames: the data that a view needs to draw one selection."""

from attnwidget.frames.compared import ComparedWorkspace
from attnwidget.frames.contributions import ContributionsWant
from attnwidget.frames.findings import FindingsWant
from attnwidget.frames.frame import Frame
from attnwidget.frames.make import is_quick, make_frame
from attnwidget.frames.matrix_of import MatrixOf
from attnwidget.frames.rows import RowsWant, rows_frame
from attnwidget.frames.score_rows import is_ready
from attnwidget.frames.visible_rows import PAIR_FILTERS, VisibleRows
from attnwidget.frames.workspace import Run, Workspace

__all__ = [
    "PAIR_FILTERS",
    "ComparedWorkspace",
    "ContributionsWant",
    "FindingsWant",
    "Frame",
    "MatrixOf",
    "RowsWant",
    "Run",
    "VisibleRows",
    "Workspace",
    "is_quick",
    "is_ready",
    "make_frame",
    "rows_frame",
]
