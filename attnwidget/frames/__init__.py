"""Frames: what a view needs to draw one selection."""

from attnwidget.frames.about import about
from attnwidget.frames.frame import Frame
from attnwidget.frames.make import is_quick, make_frame
from attnwidget.frames.matrix_of import MatrixOf
from attnwidget.frames.methods import METHODS, is_ready, refusal
from attnwidget.frames.nodes import Nodes, nodes_of
from attnwidget.frames.rows import RowsWant, rows_frame
from attnwidget.frames.scores import ScoresOf
from attnwidget.frames.shown import PAIR_FILTERS, Shown
from attnwidget.frames.target import NamedTarget, placed, read_target, target_json
from attnwidget.frames.workspace import Progress, Workspace

__all__ = [
    "METHODS",
    "PAIR_FILTERS",
    "Frame",
    "MatrixOf",
    "NamedTarget",
    "Nodes",
    "Progress",
    "RowsWant",
    "ScoresOf",
    "Shown",
    "Workspace",
    "about",
    "is_quick",
    "is_ready",
    "make_frame",
    "nodes_of",
    "placed",
    "read_target",
    "refusal",
    "rows_frame",
    "target_json",
]
