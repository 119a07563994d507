"""The largest contents of a page that fit a byte budget."""

from collections.abc import Iterator
from dataclasses import replace

from attnwidget.export.contents import read_contents
from attnwidget.export.on_screen import frames_on_screen
from attnwidget.export.plan import plan
from attnwidget.frames import Workspace, is_ready
from attnwidget.frames.files.parts import Part
from attnwidget.methods.registry import DEFAULT, METHODS
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.views import VIEWS, Contents, Held, State


def within_budget(
    workspace: Workspace, state: State, budget: float
) -> tuple[Contents, list[Part]] | None:
    """Return the largest contents that fit, with their parts; None if the view itself does not fit.

    No slow computation is started: attention replaces a method whose scores are not cached.

    Parameters
    ----------
    workspace
        The trace and its cached results.
    state
        The state that the page opens with.
    budget
        Most bytes of the frames in the page.
    """
    everything = _at_hand(workspace, read_contents(workspace, state))
    for contents in _less_and_less(everything):
        parts = plan(workspace, contents)
        if sum(part.nbytes for part in parts) <= budget:
            return contents, parts
    contents, parts = frames_on_screen(workspace, everything)
    return (contents, parts) if parts and sum(part.nbytes for part in parts) <= budget else None


def _at_hand(workspace: Workspace, contents: Contents) -> Contents:
    """Return the contents without the scores that take long to compute."""
    trace, state = workspace.trace, contents.state
    # A page cannot compute maximum flows, and none are computed for it.
    without_flows = VIEWS[state.view].follows_paths
    streams = {
        name: replace(
            held,
            scores=tuple(
                each
                for each in held.scores
                if _is_at_hand(workspace, each)
                and not (without_flows and METHODS[each.method].is_flow)
            ),
        )
        for name, held in contents.streams.items()
    }
    methods = {each.method for each in streams[state.stream].scores}
    if state.method not in methods:
        state = replace(state, method=DEFAULT)
    for view in VIEWS.values():
        state = view.within(trace, state, methods)
    return replace(contents, state=state, streams=streams, is_brief=True)


def _is_at_hand(workspace: Workspace, scores: ScoresOf) -> bool:
    stream = workspace.trace[scores.stream]
    return METHODS[scores.method].takes_moments(stream) or all(
        is_ready(workspace, replace(scores, layer=layer)) for layer in range(stream.num_layers)
    )


def _less_and_less(everything: Contents) -> Iterator[Contents]:
    """Yield contents without other streams, then without other heads or layers, then without both.

    Views of every layer or every head keep all layers or all heads.
    """
    state, held = everything.state, everything.on_screen
    view, per_head = VIEWS[state.view], METHODS[state.method].per_head
    shown = tuple(state.heads or ())
    kept = tuple(each for each in held.scores if each.method in (DEFAULT, state.method))
    own = (held.by(state.method),)
    here = (state.layer,)
    yield everything
    rungs = [
        Held(held.layers, held.heads, kept),
        Held(held.layers, shown, kept),
        Held(here, held.heads, kept),
        Held(here, shown, kept),
        Held(here, shown, own),
    ]
    for rung in rungs:
        is_whole = rung.heads == held.heads and rung.layers == held.layers
        if view.every_layer and rung.layers != held.layers:
            continue
        if view.every_head and per_head and rung.heads != held.heads:
            continue
        views = everything.views if is_whole else _of_one_layer(everything.views, view.name)
        yield replace(everything, views=views, streams={state.stream: rung})


def _of_one_layer(views: tuple[str, ...], shown: str) -> tuple[str, ...]:
    """Return the views that need the scores of one layer only, and the view on the screen."""
    rows = [VIEWS[name] for name in views]
    return tuple(
        row.name
        for row in rows
        if row.name == shown or (row.drawn_from_scores and not row.every_layer)
    )
