"""The contents of a file: its views, streams, layers, heads and methods."""

from collections.abc import Mapping
from dataclasses import dataclass

from attnwidget.methods.scores_of import ScoresOf
from attnwidget.views.state import State


@dataclass(frozen=True)
class Held:
    """The part of one stream that a file holds.

    Attributes
    ----------
    layers, heads
        Counted from 0, rising.
    scores
        The methods, each with its settings, for any layer and all heads.
    """

    layers: tuple[int, ...]
    heads: tuple[int, ...]
    scores: tuple[ScoresOf, ...]

    def by(self, method: str) -> ScoresOf:
        """Return the scores of a method."""
        return next(each for each in self.scores if each.method == method)


@dataclass(frozen=True)
class Contents:
    """The contents of a file.

    Attributes
    ----------
    state
        The state that the file opens with.
    views
        The names of the views, in the order of the tabs.
    streams
        The streams in the file, by name.
    is_brief
        Whether optional extras (statistics, other fusions if heads are missing, vectors of other
        heads) are held only for the view on the screen.
    """

    state: State
    views: tuple[str, ...]
    streams: Mapping[str, Held]
    is_brief: bool = False

    @property
    def on_screen(self) -> Held:
        """The stream that the file opens with."""
        return self.streams[self.state.stream]
