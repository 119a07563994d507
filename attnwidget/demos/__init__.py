"""Small trained models that come with the package, and their training data."""

from attnwidget.demos.demo import demo
from attnwidget.demos.load import load

__all__ = ["demo", "load"]
