"""Three small trained models that come with the package, and the data they were trained on."""

from attnwidget.demos.demo import demo
from attnwidget.demos.load import load

__all__ = ["demo", "load"]
