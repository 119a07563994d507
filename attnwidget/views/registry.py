"""The table of all views, in the order of the tabs."""

from typing import Literal, TypeAlias

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
