"""The trace view: the paths on which the content of a node came from the inputs."""

from attnwidget.views.trace.view import TRACE

__all__ = ["TRACE"]
