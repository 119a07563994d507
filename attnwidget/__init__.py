"""See what a transformer attends to, and whether it matters."""

from attnwidget._version import __version__

__all__ = ["__version__"]
