"""Views: everything that the Python side knows about each of them."""

from attnwidget.views.about import about, about_both
from attnwidget.views.contents import Contents, Held
from attnwidget.views.registry import DEFAULT_VIEW, VIEWS, ViewName, opening_view
from attnwidget.views.state import State
from attnwidget.views.view import DrawRequest, HeadImportance, View

__all__ = [
    "DEFAULT_VIEW",
    "VIEWS",
    "Contents",
    "DrawRequest",
    "HeadImportance",
    "Held",
    "State",
    "View",
    "ViewName",
    "about",
    "about_both",
    "opening_view",
]
