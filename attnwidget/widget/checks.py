"""Checks of trait values against the trace."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

from traitlets import TraitError

from attnwidget.frames import ComparedWorkspace, Workspace
from attnwidget.frames.compared import NO_DIFFERENCE
from attnwidget.frames.head_effects import ESTIMATED, EXACT, refused_effects
from attnwidget.methods.moved_target import moved_target
from attnwidget.methods.named_target import NamedTarget, read_target, resolve_target, target_json
from attnwidget.methods.nodes import Nodes, nodes_of
from attnwidget.methods.registry import METHODS, refusal
from attnwidget.methods.rerunning import reruns_of
from attnwidget.trace import Stream, Trace
from attnwidget.trace.cut import Cut
from attnwidget.trace.cut_places import placed
from attnwidget.trace.indexing import resolve_index
from attnwidget.trace.match import Match
from attnwidget.views import VIEWS

COMPARED_AND_CUT = (
    "Two traces are compared here, and a cut would be a third run. Cut in a widget of one "
    "trace, or compare with attnwidget.knockout(trace, cuts).trace."
)

COMPARED_AND_EDITED = (
    "Two traces are compared here, and an edit would be a third run. Edit in a widget of one trace."
)

EDITED_AND_CUT = (
    "An edit and a cut would be three runs. Undo one of them first: edits = [] or cuts = []. To "
    "cut in what was edited, make a widget of it: AttentionWidget(widget.edited)."
)


def in_range(index: int, size: int, axis: str) -> int:
    """Return an index counted from the front; raise TraitError if there is no such entry."""
    try:
        return resolve_index(index, size, axis)
    except IndexError as error:
        raise TraitError(str(error)) from error


def shown_method(trace: Trace, stream: Stream, method: str) -> str:
    """Return a method that the stream allows; raise TraitError if it does not."""
    if method not in METHODS:
        raise TraitError(f"method must be one of {', '.join(METHODS)}, but {method!r} was given.")
    refused = refusal(trace, stream, method)
    if refused is not None:
        raise TraitError(refused)
    return method


def possible_cuts(trace: Trace, cuts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return cuts that the trace allows, each with its stream; raise TraitError if one is not."""
    found = []
    for each in cuts:
        cut = Cut.from_json(each)
        try:
            reruns_of(trace, "A cut").check_cuts()
            found.append(replace(cut, stream=placed(cut, trace.stacks).stream).to_json())
        except (IndexError, ValueError) as error:
            raise TraitError(str(error)) from error
    return found


def possible_run(workspace: Workspace, run: str) -> str:
    """Return a run that there is; raise TraitError if two texts have no difference."""
    has_difference = not isinstance(workspace, ComparedWorkspace) or workspace.difference
    if run == "difference" and not has_difference:
        raise TraitError(f"{NO_DIFFERENCE} Pass run 'before' or 'after'.")
    return run


def reachable_target(
    workspace: Workspace, target: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """Return a target whose places exist; raise TraitError if the trace does not allow it."""
    trace = workspace.trace
    if target is not None and not trace.has_predictions:
        raise TraitError(
            "A target is what gradients are taken of, and this trace was made from arrays. Capture "
            "a model with attnwidget.capture(model, text), or leave the target None."
        )
    try:
        found = resolve_target(read_target(target), trace)
        if isinstance(workspace, ComparedWorkspace):
            _check_other(workspace, found)
        return target_json(found)
    except (IndexError, ValueError) as error:
        raise TraitError(str(error)) from error


def is_reachable(workspace: Workspace, target: Mapping[str, Any]) -> bool:
    """Return whether a target is one of a trace or, of two, of both."""
    try:
        reachable_target(workspace, target)
    except TraitError:
        return False
    return True


def _check_other(workspace: ComparedWorkspace, target: NamedTarget) -> None:
    """Refuse a target that is at other tokens in the second of two traces.

    Raises
    ------
    ValueError
        The second trace has its tokens not at all, or at other places.
    """
    before, after = workspace.trace, workspace.other.trace
    stack = "decoder" if "decoder" in before else before.streams[0]
    places = Match.of(before[stack].queries, after[stack].queries).places()
    if moved_target(target, places) != target:
        raise ValueError(
            f"The target {target!r} is at other places in the second text, and a target has one "
            "place for both. Choose one before the first difference, or None."
        )
    if after.has_predictions:
        resolve_target(target, after)


def comparison(
    trace: Trace, stream: Stream, given: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """Return a matrix to compare with that exists; raise TraitError if it does not."""
    if given is None:
        return None
    return {name: _term(trace, stream, name, value) for name, value in given.items()}


def fitting_comparison(trace: Trace, stream: Stream, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return a comparison without the fields that do not fit; these follow the first matrix."""
    fitting: dict[str, Any] = dict.fromkeys(given)
    for name, value in given.items():
        with suppress(TraitError):
            fitting[name] = _term(trace, stream, name, value)
    return fitting


def _term(trace: Trace, stream: Stream, name: str, value: Any) -> int | str | None:
    if value is None:
        return None
    if name == "method":
        return shown_method(trace, stream, value)
    return in_range(value, stream.num_layers if name == "layer" else stream.num_heads, name)


def node(trace: Trace, stream: Stream, given: Mapping[str, int] | None) -> dict[str, int] | None:
    """Return a node of the trace view that exists; raise TraitError if it does not."""
    if given is None:
        return None
    nodes = _nodes(trace, stream)
    return {
        "level": in_range(given["level"], len(nodes.sublayers) + 1, "level"),
        "index": in_range(given["index"], nodes.num_nodes, "index"),
    }


def possible_view(trace: Trace, stream: Stream, view: str) -> str:
    """Return a view that the stream allows; raise TraitError if it does not."""
    refused = VIEWS[view].refusal(trace, stream)
    if refused is not None:
        raise TraitError(f"{refused} Choose another view.")
    return view


def possible_colors(trace: Trace, _stream: Stream, colors: str) -> str:
    """Return colours of heads that the trace allows; raise TraitError if it does not."""
    refused = refused_effects(trace, colors) if colors in (ESTIMATED, EXACT) else None
    if refused is not None:
        raise TraitError(f"head_colors {colors!r} is not possible. {refused}")
    return colors


BY_STREAM: dict[str, Callable[[Trace, Stream, Any], Any]] = {
    "method": shown_method,
    "compare_with": comparison,
    "trace_node": node,
    "trace_via": node,
    "view": possible_view,
    "head_colors": possible_colors,
}
"""Traits that another stream may not allow, with the functions that check their values."""


def _nodes(trace: Trace, stream: Stream) -> Nodes:
    try:
        return nodes_of(trace, stream.name)
    except ValueError as error:
        raise TraitError(f"The trace view goes through layers. {error}") from error
