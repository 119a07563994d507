"""The table of all views, in the order of the tabs."""

from typing import Literal, TypeAlias

from attnwidget.shared import LIMITS
from attnwidget.trace import Stream
from attnwidget.trace.reading import places
from attnwidget.views.head import HEAD
from attnwidget.views.matrix import MATRIX
from attnwidget.views.model import MODEL
from attnwidget.views.neuron import NEURON
from attnwidget.views.text import TEXT
from attnwidget.views.trace import TRACE
from attnwidget.views.view import View

ViewName: TypeAlias = Literal["head", "model", "neuron", "matrix", "trace", "text"]
"""The names of all views."""

VIEWS: dict[str, View] = {view.name: view for view in (HEAD, MODEL, NEURON, MATRIX, TRACE, TEXT)}
"""Every view by its name; add new views here."""

DEFAULT_VIEW = next(iter(VIEWS))
"""The name of the first view, which every stream allows."""

MOST_PLACES = 0.5
"""Largest share of patches and moments in what is called a text."""


def opening_view(stream: Stream) -> str:
    """Return the view that a widget opens with: of a long text one that is made for long texts."""
    is_long = max(len(stream.queries), len(stream.keys)) > LIMITS["rows"]["listed_in_full"]
    places_of = [sum(places(tokens)) / len(tokens) for tokens in (stream.queries, stream.keys)]
    if not is_long or max(places_of) > MOST_PLACES:
        return DEFAULT_VIEW
    long = (view.name for view in VIEWS.values() if view.opens_long_texts)
    return next(long, DEFAULT_VIEW)
