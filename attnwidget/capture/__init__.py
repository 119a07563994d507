"""From a model and an input to a Trace: the only code that imports transformers."""

from attnwidget.capture.capture import capture

__all__ = ["capture"]
