"""The description of a trace for the front end: everything but attention."""

from dataclasses import asdict
from typing import Any

from attnwidget.analysis.head_figures import attends_to_itself
from attnwidget.frames.common import name_of
from attnwidget.frames.compared import ComparedWorkspace
from attnwidget.frames.frame import VERSION
from attnwidget.methods.method import Method
from attnwidget.methods.registry import (
    CHANGED,
    DEFAULT,
    METHODS,
    allowed_methods,
    followed_names,
)
from attnwidget.trace import Stream, Tokens, Trace
from attnwidget.trace.reading import places, spaced
from attnwidget.views.head_effects import possible_ways
from attnwidget.views.registry import VIEWS


def about(trace: Trace, *, at_hand: bool = False, differences: bool = False) -> dict[str, Any]:
    """Return the model's name, the methods, and each stream's size and tokens, ready for JSON.

    Methods describe the scores of one run or, with `differences`, those of one run minus another.
    """
    return {
        "version": VERSION,
        "model": trace.model_name,
        "notes": list(trace.notes),
        "methods": [_method(method, differences=differences) for method in METHODS.values()],
        "spans": _spans(trace),
        "can_cut": _can_cut(trace),
        "edit": _edit(trace),
        "one_run_views": [view.name for view in VIEWS.values() if not view.shows_differences],
        "streams": [_stream(trace, trace[name], at_hand=at_hand) for name in trace.streams],
    }


def about_both(workspace: ComparedWorkspace) -> dict[str, Any]:
    """Return the description of two traces: the first, and what differs in the other runs."""
    before, after = workspace.trace, workspace.other.trace
    is_edited = bool(workspace.other.edits)
    described = about(before) | {"can_cut": False}
    runs = {
        "after": {
            "model": after.model_name,
            "notes": list(after.notes),
            "streams": [_stream(after, after[name], at_hand=False) for name in after.streams],
            "edit": _edit(after) if is_edited else None,
        },
    }
    if workspace.difference is not None:
        runs["difference"] = _difference(before, workspace.difference.trace)
    found = described | {
        "compared": [name_of(before), name_of(after)],
        "runs": runs,
        "predicts": before.reruns is not None and after.reruns is not None,
    }
    return found | ({"edits": list(workspace.other.edits)} if is_edited else {"edit": None})


def _difference(before: Trace, both: Trace) -> dict[str, Any]:
    """Return the description of a difference, which is of methods that both runs allow."""
    allowed = {name: set(allowed_methods(before, before[name])) for name in before.streams}
    common = [_stream(both, both[name], at_hand=False) for name in both.streams]
    for stream in common:
        stream["methods"] = [name for name in stream["methods"] if name in allowed[stream["name"]]]
    return {"notes": list(both.notes), "streams": common, "edit": None}


def _method(method: Method, *, differences: bool) -> dict[str, Any]:
    row = {**method.to_json(), "compared_with": method.compared_with or DEFAULT}
    other = method.of_differences().to_json()
    changed = {name: other[name] for name in CHANGED} | {"in_menu": method.title}
    return row | changed if differences else {**row, "difference": changed}


def _spans(trace: Trace) -> dict[str, Any] | None:
    """Return the tokens that a span may have, None if the model predicts none of them."""
    found = None if trace.gradients is None else trace.gradients.span_range
    return None if found is None else asdict(found)


def _can_cut(trace: Trace) -> bool:
    """Return whether the model can run again with attention taken away."""
    if trace.reruns is None:
        return False
    try:
        trace.reruns.check_cuts()
    except ValueError:
        return False
    return True


def _edit(trace: Trace) -> dict[str, Any] | None:
    """Return what of the input can be edited; None without the model."""
    if trace.reruns is None:
        return None
    editing = trace.reruns.editing()
    fixed = {name: list(places) for name, places in editing.fixed.items()}
    refused = dict(editing.refused)
    return asdict(editing) | {"texts": list(editing.texts), "refused": refused, "fixed": fixed}


def _stream(trace: Trace, stream: Stream, *, at_hand: bool) -> dict[str, Any]:
    return {
        "name": stream.name,
        "layers": stream.num_layers,
        "layer_numbers": None if stream.numbers is None else list(stream.numbers),
        "heads": stream.num_heads,
        "causal": stream.causal,
        "projections": stream.has_projections,
        "methods": list(allowed_methods(trace, stream)),
        "followed": followed_names(trace, stream, at_hand=at_hand),
        "lacks": {
            "methods": _lacking_methods(trace, stream),
            "views": _lacking_views(trace, stream),
        },
        "head_effects": possible_ways(trace),
        "queries": _tokens(stream.queries),
        "keys": None if attends_to_itself(stream) else _tokens(stream.keys),
    }


def _lacking_methods(trace: Trace, stream: Stream) -> dict[str, str]:
    lacks = {name: method.lack(trace, stream) for name, method in METHODS.items()}
    return {name: lack for name, lack in lacks.items() if lack is not None}


def _lacking_views(trace: Trace, stream: Stream) -> dict[str, str]:
    refused = (view for view in VIEWS.values() if view.refusal(trace, stream) is not None)
    return {view.name: view.lack for view in refused}


def _tokens(tokens: Tokens) -> dict[str, Any]:
    return {
        "text": list(tokens.text),
        "special": _indices(tokens.special),
        "continues": _indices(tokens.continues),
        "segments": list(tokens.segments) if tokens.has_pair else [],
        "written": _indices(tokens.written),
        "spaced": _indices(spaced(tokens)),
        "places": _indices(places(tokens)),
    }


def _indices(flags: tuple[bool, ...]) -> list[int]:
    return [index for index, flag in enumerate(flags) if flag]
