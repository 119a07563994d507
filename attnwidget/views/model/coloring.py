"""What colours the ground of each head: the importance that was given, or its effect."""

from dataclasses import dataclass

from attnwidget.frames import Workspace
from attnwidget.frames.head_effects import ESTIMATED, EXACT, head_effects
from attnwidget.methods.progress import Progress
from attnwidget.picture.caption import target_in_words
from attnwidget.views.head_effects import effect_wants, is_at_hand
from attnwidget.views.state import State
from attnwidget.views.view import DrawRequest


@dataclass(frozen=True)
class Coloring:
    """The values of all heads and what they are.

    Attributes
    ----------
    values
        (layers, heads)
    signed
        Whether they diverge around zero.
    before, after
        The words at the ends of the scale, with ``{}`` for the number of the largest magnitude.
    what
        The values in few words, for captions.
    """

    values: list[list[float]]
    signed: bool
    before: str
    after: str
    what: str


def coloring_of(request: DrawRequest) -> Coloring | None:
    """Return what colours the heads of a picture; effects are computed, not for a small picture."""
    state, workspace = request.state, request.workspace
    way = state.head_colors
    if way in (ESTIMATED, EXACT):
        if state.is_difference:  # colour tells the sign
            return None
        if request.is_small and not is_at_hand(workspace, state, state.stream, way):
            return None
        return _effects(workspace, state, way, request.progress)
    values = (request.importance or {}).get(state.stream)
    if way != "importance" or values is None:
        return None
    return Coloring(values, False, "ground: importance 0", "{}", "importance")


def _effects(workspace: Workspace, state: State, way: str, progress: Progress) -> Coloring:
    stream = workspace.trace[state.stream]
    values = [head_effects(workspace, want, progress) for want in effect_wants(state, stream, way)]
    found = "exact" if way == EXACT else "estimate"
    target = target_in_words(workspace.trace, state.scores.target)
    return Coloring(
        values,
        True,
        "ground: without the head, the target falls by {}",
        f"rises by {{}} ({found})",
        f"effect of each head on {target}, {found}",
    )
