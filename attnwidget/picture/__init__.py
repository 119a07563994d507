"""Drawing without a browser: SVG and its parts, captions, and PNG."""

from attnwidget.picture.caption import caption_of, scores_in_words
from attnwidget.picture.document import Drawing, document
from attnwidget.picture.png import LONGEST_SIDE, check_scale, rasterised
from attnwidget.picture.theme import THEMES, Theme, theme_named

__all__ = [
    "LONGEST_SIDE",
    "THEMES",
    "Drawing",
    "Theme",
    "caption_of",
    "check_scale",
    "document",
    "rasterised",
    "scores_in_words",
    "theme_named",
]
