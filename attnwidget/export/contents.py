"""The contents of a file that the user requests, checked before anything is computed."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from attnwidget.frames import Workspace, is_ready
from attnwidget.methods.fusion import FUSIONS
from attnwidget.methods.registry import DEFAULT, METHODS, refusal
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.trace import Stream, Trace
from attnwidget.trace.indexing import resolve_index
from attnwidget.views import VIEWS, Contents, Held, State


def read_contents(
    workspace: Workspace,
    state: State,
    *,
    views: object = None,
    layers: object = None,
    heads: object = None,
    methods: object = None,
) -> Contents:
    """Return the contents of the file.

    Raises
    ------
    IndexError
        There is no such layer or head.
    ValueError
        A view or method is unknown, the trace does not allow it, or nothing is left.
    """
    trace = workspace.trace
    stream = trace[state.stream]
    shown_views = _views(state, views, trace, stream)
    chosen_layers = _places(layers, "layers", stream.num_layers)
    chosen_heads = _places(heads, "heads", stream.num_heads)
    named = None if methods is None else _names("methods", methods, tuple(METHODS))
    for name in named or ():
        refused = refusal(trace, stream, name)
        if refused is not None:
            raise ValueError(refused)
    alone = layers is not None or heads is not None
    streams = {
        each.name: Held(
            chosen_layers if alone else tuple(range(each.num_layers)),
            chosen_heads if alone else tuple(range(each.num_heads)),
            _scores(workspace, state, each, named),
        )
        for each in ([stream] if alone else [trace[name] for name in trace.streams])
    }
    return Contents(_fitting(state, shown_views, streams[stream.name]), shown_views, streams)


def _fitting(state: State, views: Sequence[str], held: Held) -> State:
    """Return the state changed to the nearest one that the file holds."""
    layer = min(held.layers, key=lambda each: abs(each - state.layer))
    heads = [head for head in state.heads or () if head in held.heads]
    view = state.view if state.view in views else views[0]
    return replace(state, view=view, layer=layer, heads=heads or None)


def _views(state: State, given: object, trace: Trace, stream: Stream) -> tuple[str, ...]:
    if given is None:
        return tuple(
            name for name, view in VIEWS.items() if view.drawn_from_scores or name == state.view
        )
    chosen = _names("views", given, tuple(VIEWS))
    for name in chosen:
        refused = VIEWS[name].refusal(trace, stream)
        if refused is not None:
            raise ValueError(f"{refused} Leave {name!r} out of views.")
        if state.is_difference and not VIEWS[name].shows_differences:
            raise ValueError(
                f"The {name} view shows one run at a time, and this file would hold the difference "
                f"of two. Leave {name!r} out of views, or set run to 'before' or 'after'."
            )
    if not chosen:
        raise ValueError(f"views is empty: name at least one of {', '.join(VIEWS)}, or pass None.")
    return tuple(name for name in VIEWS if name in chosen)


def _names(what: str, given: object, known: Sequence[str]) -> list[str]:
    names = [given] if isinstance(given, str) else given
    if not isinstance(names, Iterable):
        raise ValueError(f"{what} must be a list of {', '.join(known)}, but {given!r} was given.")
    found = list(names)
    for name in found:
        if name not in known:
            raise ValueError(f"{what} are of {', '.join(known)}, but {name!r} was given.")
    return found


def _places(given: object, what: str, size: int) -> tuple[int, ...]:
    if given is None:
        return tuple(range(size))
    if isinstance(given, slice):
        given = range(size)[given]
    entries: list[Any] = list(given) if isinstance(given, Iterable) else [given]
    places = sorted({resolve_index(place, size, what.rstrip("s")) for place in entries})
    if not places:
        raise ValueError(f"{what} is empty: name at least one of 0 to {size - 1}, or pass None.")
    return tuple(places)


def _scores(
    workspace: Workspace, state: State, stream: Stream, named: Sequence[str] | None
) -> tuple[ScoresOf, ...]:
    """Return the methods of a stream in the file, the default method first."""
    trace = workspace.trace
    shown = _shown_methods(trace, state, stream)
    found = []
    for name in METHODS:
        if refusal(trace, stream, name) is not None:
            continue
        own = state.scores_of(stream.name, stream.num_layers - 1, name)
        if name == DEFAULT or name in shown or name in (named or ()):
            found.append(own)
        if named is None and not METHODS[name].per_head:
            chosen = METHODS[name].own_fusion is None
            variants = [replace(own, fusion=f) for f in FUSIONS] if chosen else [own]
            found += [each for each in variants if each not in found and is_ready(workspace, each)]
    return tuple(found)


def _shown_methods(trace: Trace, state: State, stream: Stream) -> set[str]:
    """Return the methods on the screen."""
    if stream.name != state.stream:
        return {DEFAULT}
    shown = {state.method} | VIEWS[state.view].methods(trace, state)
    return {name for name in shown if refusal(trace, stream, name) is None}
