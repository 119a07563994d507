"""Traces in files: tensors in the format safetensors, with a description of them as JSON."""

from attnwidget.trace.saved.load import Loaded, load
from attnwidget.trace.saved.rounding import Storage
from attnwidget.trace.saved.save import Savable, save

__all__ = ["Loaded", "Savable", "Storage", "load", "save"]
