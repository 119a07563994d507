"""The matrix view: one matrix, two, their difference, or one for each layer."""

from attnwidget.views.matrix.view import MATRIX

__all__ = ["MATRIX"]
