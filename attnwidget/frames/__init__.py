"""Frames: what a view needs to draw one selection."""

from attnwidget.frames.about import about
from attnwidget.frames.frame import Frame
from attnwidget.frames.make import make_frame
from attnwidget.frames.rows import RowsWant, rows_frame
from attnwidget.frames.scores import METHODS, ScoresOf
from attnwidget.frames.shown import PAIR_FILTERS, Shown

__all__ = [
    "METHODS",
    "PAIR_FILTERS",
    "Frame",
    "RowsWant",
    "ScoresOf",
    "Shown",
    "about",
    "make_frame",
    "rows_frame",
]
