"""Run a model on an input and return a Trace; the only package that imports transformers."""

from attnwidget.capture.capture import capture

__all__ = ["capture"]
