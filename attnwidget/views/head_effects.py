"""The effects of heads that a widget can show, and those that a file holds."""

from attnwidget.frames import Workspace
from attnwidget.frames.head_effects import (
    ESTIMATED,
    EXACT,
    HeadEffectsWant,
    has_head_effects,
    layer_wants,
    refused_effects,
)
from attnwidget.trace import Stream, Trace
from attnwidget.views.state import State


def possible_ways(trace: Trace) -> list[str]:
    """Return the values of the trait ``head_colors`` that show effects of this trace."""
    return [way for way in (ESTIMATED, EXACT) if refused_effects(trace, way) is None]


def effect_wants(state: State, stream: Stream, way: str) -> list[HeadEffectsWant]:
    """Return the requests for the effects of a stream's heads on the state's target."""
    return layer_wants(stream, state.scores.target, way)


def is_at_hand(workspace: Workspace, state: State, stream: str, way: str) -> bool:
    """Return whether the effects of all heads of a stream were computed before."""
    wants = effect_wants(state, workspace.trace[stream], way)
    return all(has_head_effects(workspace, want) for want in wants)


def held_ways(
    workspace: Workspace, state: State, stream: str, *, is_brief: bool
) -> tuple[str, ...]:
    """Return the ways in which a file holds the effects of heads.

    These are the one on the screen, for which a brief file computes nothing, and what was computed
    before; with exact effects the file holds the estimates. A difference has signs, which colour
    tells, so its file holds none.
    """
    if state.is_difference:
        return ()
    shown = state.head_colors if stream == state.stream and not is_brief else ""
    wished = {ESTIMATED: shown in (ESTIMATED, EXACT), EXACT: shown == EXACT}
    return tuple(
        way
        for way in possible_ways(workspace.trace)
        if wished[way] or is_at_hand(workspace, state, stream, way)
    )
