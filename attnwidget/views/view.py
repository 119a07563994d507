"""The `View` row: everything that the Python side needs to know about a view."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple, TypeAlias

from torch import Tensor

from attnwidget.frames import Workspace
from attnwidget.frames.files.parts import Part
from attnwidget.methods.progress import Progress
from attnwidget.picture import Drawing, Theme
from attnwidget.trace import Stream, Trace
from attnwidget.views.contents import Contents
from attnwidget.views.on_screen import FirstWant, rows_on_screen, rows_want
from attnwidget.views.state import State

HeadImportance: TypeAlias = Mapping[str, list[list[float]]]
"""The importance of every head, (layers, heads), by stream."""


class DrawRequest(NamedTuple):
    """The inputs of a picture.

    Attributes
    ----------
    importance
        The value of the trait ``head_importance``.
    theme
        The theme of the paper.
    is_small
        Whether the picture should take few bytes: only the strongest lines, and cells as pixels.
    room
        Longest side of the drawing in pixels, beyond which tokens are left out; None without one.
    """

    state: State
    workspace: Workspace
    importance: HeadImportance | None
    theme: Theme
    progress: Progress
    is_small: bool
    room: float | None = None

    @property
    def stream(self) -> Stream:
        """The stream in the picture."""
        return self.workspace.trace[self.state.stream]


Drawn: TypeAlias = tuple[list[str], Drawing]
"""Caption lines and the drawing they go under."""

Request: TypeAlias = tuple[Mapping[str, Any], float]
"""A request for a frame, and the approximate bytes of the frame in a file."""


def _nothing(*_arguments: object) -> Iterator[Any]:
    yield from ()


@dataclass(frozen=True, kw_only=True)
class View:
    """One view; docs/developing/add-a-view.md shows how to write one.

    Attributes
    ----------
    name
        The value of the ``view`` trait.
    draw
        Draws the view as a picture.
    fits_small_picture
        Returns whether a small picture of the view is drawn quickly.
    scores
        Returns the scores on the screen, as `AttentionWidget.scores` does.
    refusal
        Returns why a stream cannot be seen in this view, or None.
    lack
        The words on the tab of a stream that cannot be seen in this view.
    methods
        Returns the names of the methods on the screen beside the chosen one.
    within
        Returns the state changed so that it needs no other methods than those given.
    opening_parts
        Yields the parts of a file for the first picture; nothing if the view waits for the whole
        file.
    parts
        Yields the parts of a file that only this view needs, for one stream.
    requests
        Yields the requests of the view on the screen, for a file that is too small for scores;
        nothing if their frames take as many bytes as the scores.
    drawn_from_scores
        Whether the view needs only scores, so that a file with the scores of one such view holds
        all such views at no cost.
    every_layer
        Whether the view shows all layers together.
    every_head
        Whether the view shows all heads together.
    follows_paths
        Whether the view follows paths through layers.
    first_want
        Returns the request of the first drawing, whose frame the widget sends with its state.
    opens_long_texts
        Whether a widget opens with this view, if none is asked for and the text is long.
    shows_differences
        Whether the view can show one run minus another; else it shows the second run.
    """

    name: str
    draw: Callable[[DrawRequest], Drawn]
    fits_small_picture: Callable[[Workspace, State], bool]
    scores: Callable[[Workspace, State], Tensor] = rows_on_screen
    refusal: Callable[[Trace, Stream], str | None] = lambda _trace, _stream: None
    lack: str = ""
    methods: Callable[[Trace, State], set[str]] = lambda _trace, _state: set()
    within: Callable[[Trace, State, set[str]], State] = lambda _trace, state, _methods: state
    opening_parts: Callable[[Workspace, Contents], Iterator[Part]] = _nothing
    parts: Callable[[Workspace, Contents, str], Iterator[Part]] = _nothing
    requests: Callable[[Workspace, Contents], Iterator[Request]] = _nothing
    first_want: Callable[[Trace, State], FirstWant] = rows_want
    opens_long_texts: bool = False
    drawn_from_scores: bool = False
    every_layer: bool = False
    every_head: bool = False
    follows_paths: bool = False
    shows_differences: bool = True
