"""The text view: a text as it is read, coloured by what one of its tokens looks at."""

from attnwidget.views.text.view import TEXT

__all__ = ["TEXT"]
