"""The model view: a thumbnail of every head of every layer."""

from attnwidget.views.model.view import MODEL

__all__ = ["MODEL"]
