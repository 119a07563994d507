"""What a file is to hold, checked before anything is computed."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from attnwidget.frames import Workspace, is_ready
from attnwidget.frames.reader import Reader
from attnwidget.methods.fusion import FUSIONS
from attnwidget.methods.registry import DEFAULT, EVOLVING, METHODS, other_method, refusal
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.trace import Stream, Trace
from attnwidget.trace.selection import resolve_index

FREE_VIEWS = ("head", "model", "matrix")
"""Views that are drawn from the same scores, so that one costs next to nothing beside another."""


@dataclass(frozen=True)
class Held:
    """What is held of one stream.

    Attributes
    ----------
    layers, heads
        Counted from 0, rising.
    scores
        The methods, each with its settings; of any layer, all heads.
    """

    layers: tuple[int, ...]
    heads: tuple[int, ...]
    scores: tuple[ScoresOf, ...]


@dataclass(frozen=True)
class Contents:
    """What a file holds.

    Attributes
    ----------
    state
        The selection that it opens with, as the traits have it.
    views
        In the order of the tabs.
    streams
        By name, those that are held.
    is_brief
        Of what only adds to the picture (figures, other fusions where heads are missing, vectors
        of other heads) hold no more than what is on the screen.
    """

    state: Mapping[str, Any]
    views: tuple[str, ...]
    streams: Mapping[str, Held]
    is_brief: bool = False


def read_contents(
    workspace: Workspace,
    state: Mapping[str, Any],
    known_views: Sequence[str],
    *,
    views: object = None,
    layers: object = None,
    heads: object = None,
    methods: object = None,
) -> Contents:
    """Return what is to be held.

    Raises
    ------
    IndexError
        There is no such layer or head.
    ValueError
        A view or method is unknown, or the trace does not allow it, or nothing is left.
    """
    trace = workspace.trace
    stream = trace[state["stream"]]
    shown_views = _views(state, known_views, views, stream)
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


def _fitting(state: Mapping[str, Any], views: Sequence[str], held: Held) -> dict[str, Any]:
    """Return a selection that is held: what is not gives way to what is nearest."""
    layer = min(held.layers, key=lambda each: abs(each - state["layer"]))
    heads = [head for head in state["heads"] or () if head in held.heads]
    view = state["view"] if state["view"] in views else views[0]
    return dict(state) | {"view": view, "layer": layer, "heads": heads or None}


def _views(
    state: Mapping[str, Any], known: Sequence[str], given: object, stream: Stream
) -> tuple[str, ...]:
    chosen = {*FREE_VIEWS, state["view"]} if given is None else _names("views", given, known)
    if given is not None and "neuron" in chosen and not stream.has_projections:
        raise ValueError(
            f"The neuron view needs query and key vectors, which {stream.name!r} does not hold: "
            "leave 'neuron' out of views."
        )
    if not chosen:
        raise ValueError(f"views is empty: name at least one of {', '.join(known)}, or pass None.")
    return tuple(name for name in known if name in chosen)


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
    workspace: Workspace, state: Mapping[str, Any], stream: Stream, named: Sequence[str] | None
) -> tuple[ScoresOf, ...]:
    """Return the methods that are held of a stream, the default method first."""
    trace = workspace.trace
    shown = _shown_methods(trace, state, stream)
    found = []
    for name in METHODS:
        if refusal(trace, stream, name) is not None:
            continue
        own = _with_settings(trace, state, stream, name)
        if name == DEFAULT or name in shown or name in (named or ()):
            found.append(own)
        if named is None and not METHODS[name].per_head:
            chosen = METHODS[name].own_fusion is None
            variants = [replace(own, fusion=f) for f in FUSIONS] if chosen else [own]
            found += [each for each in variants if each not in found and is_ready(workspace, each)]
    return tuple(found)


def _shown_methods(trace: Trace, state: Mapping[str, Any], stream: Stream) -> set[str]:
    """Return the methods that are on the screen."""
    if stream.name != state["stream"]:
        return {DEFAULT}
    shown = {state["method"]}
    if state["view"] == "matrix":
        shown |= compared_methods(trace, state)
    return {name for name in shown if refusal(trace, stream, name) is None}


def compared_methods(trace: Trace, state: Mapping[str, Any]) -> set[str]:
    """Return the methods that the matrix view shows beside the chosen one."""
    if state["matrix_mode"] == "single":
        return set()
    if state["matrix_mode"] == "evolution":
        return {EVOLVING}
    if state["compare_with"] is not None:
        return {state["compare_with"]["method"] or state["method"]}
    return {other_method(trace, trace[state["stream"]], state["method"])}


def _with_settings(trace: Trace, state: Mapping[str, Any], stream: Stream, method: str) -> ScoresOf:
    """Return a method with the widget's settings, in the stream's last layer."""
    fields = {name: state[name] for name in ("fusion", "discard_ratio", "target")}
    layer = stream.num_layers - 1
    return Reader(
        trace, {"stream": stream.name, "layer": layer, "method": method, **fields}
    ).scores()
