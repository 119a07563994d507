"""Export of the view on the screen as a picture."""

from attnwidget.frames import Workspace
from attnwidget.methods.progress import Progress
from attnwidget.picture import document, theme_named
from attnwidget.views import VIEWS, DrawRequest, HeadImportance, State


def to_svg(
    state: State,
    workspace: Workspace,
    importance: HeadImportance | None,
    theme: str,
    progress: Progress = None,
    *,
    is_small: bool = False,
    room: float | None = None,
) -> str:
    """Return the SVG of a view; a small one has only the strongest lines, and cells as pixels.

    With `room`, the longest side in pixels, tokens that it has no room for are left out, which the
    caption says.

    Raises
    ------
    ValueError
        There is no such theme.
    """
    paper = theme_named(theme)
    request = DrawRequest(state, workspace, importance, paper, progress, is_small, room)
    caption, drawing = VIEWS[state.view].draw(request)
    return document(drawing, caption, paper)
