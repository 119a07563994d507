"""Whether values fit the trace that they speak of."""

from collections.abc import Callable, Mapping
from typing import Any

from traitlets import TraitError

from attnwidget.frames import METHODS, Nodes, nodes_of, placed, read_target, refusal, target_json
from attnwidget.trace import Stream, Trace
from attnwidget.trace.selection import resolve_index


def in_range(index: int, size: int, axis: str) -> int:
    """Return an index counted from the front; raise TraitError where there is no such entry."""
    try:
        return resolve_index(index, size, axis)
    except IndexError as error:
        raise TraitError(str(error)) from error


def shown_method(trace: Trace, stream: Stream, method: str) -> str:
    """Return a method that the stream can be shown by; raise TraitError where it cannot."""
    if method not in METHODS:
        raise TraitError(f"method must be one of {', '.join(METHODS)}, but {method!r} was given.")
    refused = refusal(trace, stream, method)
    if refused is not None:
        raise TraitError(refused)
    return method


def reachable_target(trace: Trace, target: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return a target whose position is there; raise TraitError where the trace allows none."""
    if target is not None and not trace.has_gradients:
        raise TraitError(
            "A target is what gradients are taken of, and this trace was made from arrays. Capture "
            "a model with attnwidget.capture(model, text), or leave the target None."
        )
    try:
        return target_json(placed(read_target(target), trace))
    except IndexError as error:
        raise TraitError(str(error)) from error


def comparison(
    trace: Trace, stream: Stream, given: Mapping[str, Any] | None
) -> dict[str, Any] | None:
    """Return a matrix to compare with that is there; raise TraitError where it is not."""
    if given is None:
        return None
    layer, head, method = (given[name] for name in ("layer", "head", "method"))
    return {
        "layer": None if layer is None else in_range(layer, stream.num_layers, "layer"),
        "head": None if head is None else in_range(head, stream.num_heads, "head"),
        "method": None if method is None else shown_method(trace, stream, method),
    }


def node(trace: Trace, stream: Stream, given: Mapping[str, int] | None) -> dict[str, int] | None:
    """Return a node of the trace view that is there; raise TraitError where it is not."""
    if given is None:
        return None
    nodes = _nodes(trace, stream)
    return {
        "level": in_range(given["level"], len(nodes.sublayers) + 1, "level"),
        "index": in_range(given["index"], nodes.num_nodes, "index"),
    }


def possible_view(trace: Trace, stream: Stream, view: str) -> str:
    """Return a view that the stream can be seen in; raise TraitError where it cannot."""
    if view == "neuron" and not stream.has_projections:
        raise TraitError(
            f"The neuron view needs query and key vectors, but the stream {stream.name!r} "
            "holds attention weights only: it was made from arrays, or of a model whose "
            "attention cannot be intercepted. Choose another view."
        )
    if view == "trace":
        _nodes(trace, stream)
    return view


BY_STREAM: dict[str, Callable[[Trace, Stream, Any], Any]] = {
    "method": shown_method,
    "compare_with": comparison,
    "trace_node": node,
    "trace_via": node,
    "view": possible_view,
}
"""Traits that another stream may not allow, with what returns their value or refuses it."""


def _nodes(trace: Trace, stream: Stream) -> Nodes:
    try:
        return nodes_of(trace, stream.name)
    except ValueError as error:
        raise TraitError(f"The trace view goes through layers. {error}") from error
