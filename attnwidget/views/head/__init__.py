"""The head view: lines from queries to keys."""

from attnwidget.views.head.view import HEAD

__all__ = ["HEAD"]
