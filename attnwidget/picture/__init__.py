"""Pictures of a selection for papers and slides, drawn without a browser: SVG, and PNG of it."""

from attnwidget.picture.caption import caption_of, scores_in_words
from attnwidget.picture.document import Drawing, document
from attnwidget.picture.head import draw_head
from attnwidget.picture.matrix import Looks, draw_matrices
from attnwidget.picture.model import draw_model
from attnwidget.picture.neuron import draw_neuron
from attnwidget.picture.png import check_scale, rasterised
from attnwidget.picture.theme import THEMES, Theme, theme_named
from attnwidget.picture.trace import draw_trace

__all__ = [
    "THEMES",
    "Drawing",
    "Looks",
    "Theme",
    "caption_of",
    "check_scale",
    "document",
    "draw_head",
    "draw_matrices",
    "draw_model",
    "draw_neuron",
    "draw_trace",
    "rasterised",
    "scores_in_words",
    "theme_named",
]
