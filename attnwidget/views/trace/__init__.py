"""The trace view: the paths from the inputs to a node."""

from attnwidget.views.trace.view import TRACE

__all__ = ["TRACE"]
