"""What a page holds that must be small and soon there: as much of the widget as a budget allows."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from attnwidget.export.contents import Contents, Held, compared_methods, read_contents
from attnwidget.export.on_screen import frames_on_screen
from attnwidget.export.parts import Part
from attnwidget.export.plan import plan
from attnwidget.frames import Workspace, is_ready
from attnwidget.methods.registry import DEFAULT, METHODS
from attnwidget.methods.scores_of import ScoresOf

EVERY_LAYER = ("model", "trace")
"""Views that show all of them."""


def within_budget(
    workspace: Workspace, state: Mapping[str, Any], known_views: tuple[str, ...], budget: float
) -> tuple[Contents, list[Part]] | None:
    """Return the most that fits, with its parts; None where not even what is on the screen does.

    Nothing that takes long is computed for it: a method whose scores are not there gives way to
    attention.

    Parameters
    ----------
    workspace
        What frames are made of.
    state
        The selection that the page opens with, as the traits have it.
    known_views
        All views, in the order of the tabs.
    budget
        Bytes of the frames in the page.
    """
    everything = _at_hand(workspace, read_contents(workspace, state, known_views))
    for contents in _less_and_less(everything):
        parts = plan(workspace, contents)
        if sum(part.nbytes for part in parts) <= budget:
            return contents, parts
    contents, parts = frames_on_screen(workspace, everything)
    return (contents, parts) if parts and sum(part.nbytes for part in parts) <= budget else None


def _at_hand(workspace: Workspace, contents: Contents) -> Contents:
    """Return the same without what would have to be computed for long."""
    trace, state = workspace.trace, dict(contents.state)
    streams = {
        name: replace(
            held, scores=tuple(each for each in held.scores if _is_at_hand(workspace, each))
        )
        for name, held in contents.streams.items()
    }
    if state["view"] == "trace":
        # A page cannot solve maximum flows, and they are not solved for it.
        for name, held in streams.items():
            followed = tuple(each for each in held.scores if not METHODS[each.method].is_flow)
            streams[name] = replace(held, scores=followed)
    methods = {each.method for each in streams[state["stream"]].scores}
    if state["method"] not in methods:
        state["method"] = DEFAULT
    if state["matrix_mode"] != "single" and not compared_methods(trace, state) <= methods:
        state["matrix_mode"] = "single"
    return replace(contents, state=state, streams=streams, is_brief=True)


def _is_at_hand(workspace: Workspace, scores: ScoresOf) -> bool:
    stream = workspace.trace[scores.stream]
    return METHODS[scores.method].takes_moments(stream) or all(
        is_ready(workspace, replace(scores, layer=layer)) for layer in range(stream.num_layers)
    )


def _less_and_less(everything: Contents) -> Iterator[Contents]:
    """Yield contents without other streams, then without other heads or layers, then without both.

    The model and the trace view need every layer.
    """
    state, view = everything.state, everything.state["view"]
    held = everything.streams[state["stream"]]
    shown = tuple(state["heads"] or ())
    kept = tuple(each for each in held.scores if each.method in (DEFAULT, state["method"]))
    own = tuple(each for each in held.scores if each.method == state["method"])[:1]
    here = (state["layer"],)
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
        needs_heads = view == "model" and METHODS[state["method"]].per_head
        if view in EVERY_LAYER and rung.layers != held.layers:
            continue
        if needs_heads and rung.heads != held.heads:
            continue
        views = everything.views if is_whole else _without_model(everything.views, view)
        yield replace(everything, views=views, streams={state["stream"]: rung})


def _without_model(views: tuple[str, ...], shown: str) -> tuple[str, ...]:
    return tuple(name for name in views if name in (shown, "head", "matrix"))
