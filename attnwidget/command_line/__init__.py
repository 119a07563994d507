"""The command ``attnwidget``, which writes pages of attention without a notebook."""

from attnwidget.command_line.main import main

__all__ = ["main"]
