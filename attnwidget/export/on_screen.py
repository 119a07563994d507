"""The frames of what is on the screen and of nothing else, for inputs whose scores are too many."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from attnwidget.export.contents import Contents, Held
from attnwidget.export.parts import Part
from attnwidget.frames import METHODS, Frame, Progress, Workspace, make_frame, nodes_of
from attnwidget.frames.rows import asks_in_full
from attnwidget.frames.thumbnails import SIZE as CELLS
from attnwidget.shared import LIMITS

BYTES_PER_LISTED = 4.5
"""Of a key in a row: where and how much."""

BYTES_PER_CELL = 1.1
BYTES_OF_PATHS = 40_000

MOST_WEIGHTS = 5_000_000
"""More take long to pool to thumbnails."""

MOST_NODES = 256
"""Paths through more take long to find."""

NEEDED = ("stream", "method", "fusion", "discard_ratio", "target")
HIDDEN = ("hide_special", "hide_first")


def frames_on_screen(workspace: Workspace, contents: Contents) -> tuple[Contents, list[Part]]:
    """Return these contents with the view that is shown alone, and the frames that it asks for.

    There are none for the matrix and the neuron view, which ask for as much as the scores are.
    """
    state = contents.state
    stream = workspace.trace[state["stream"]]
    held = contents.streams[stream.name]
    own = tuple(each for each in held.scores if each.method == state["method"])[:1]
    wants = list(_WANTS[state["view"]](workspace, state)) if state["view"] in _WANTS else []
    parts = [Part(want, partial(_frame, workspace, want), nbytes) for want, nbytes in wants]
    only = Held(held.layers, held.heads, own)
    if state["view"] == "head":
        only = Held((state["layer"],), tuple(state["heads"] or ()), own)
    return replace(contents, views=(state["view"],), streams={stream.name: only}), parts


Wants = Iterator[tuple[dict[str, Any], float]]


def _frame(workspace: Workspace, want: Mapping[str, Any], progress: Progress) -> Frame:
    return make_frame(workspace, want, progress)


def _rows(workspace: Workspace, state: Mapping[str, Any]) -> Wants:
    stream = workspace.trace[state["stream"]]
    heads = state["heads"] if METHODS[state["method"]].per_head else None
    rows, keys = len(heads or [0]) * len(stream.queries), len(stream.keys)
    full = asks_in_full(state["coverage"], rows, keys)
    is_whole = full or keys <= LIMITS["rows"]["listed_in_full"]
    listed = keys if is_whole else LIMITS["rows"]["listed"]
    fields = {name: state[name] for name in (*NEEDED, *HIDDEN, "layer", "pair_filter")}
    nbytes = BYTES_PER_LISTED * rows * listed
    yield {"kind": "rows", **fields, "heads": heads, "full": full}, nbytes


def _thumbnails(workspace: Workspace, state: Mapping[str, Any]) -> Wants:
    stream = workspace.trace[state["stream"]]
    fields = {name: state[name] for name in (*NEEDED, *HIDDEN)}
    weights = stream.num_layers * stream.num_heads * len(stream.queries) * len(stream.keys)
    if weights > MOST_WEIGHTS:
        return
    heads = stream.num_heads if METHODS[state["method"]].per_head else 1
    for layer in range(stream.num_layers):
        nbytes = BYTES_PER_CELL * heads * CELLS**2
        yield {"kind": "thumbnails", **fields, "layer": layer, "size": CELLS}, nbytes
        yield {"kind": "summary", "stream": stream.name, "layer": layer}, 10.0 * heads


def _paths(workspace: Workspace, state: Mapping[str, Any]) -> Wants:
    nodes = nodes_of(workspace.trace, state["stream"])
    if nodes.num_nodes > MOST_NODES:
        return
    node = state["trace_node"] or {"level": None, "index": nodes.num_outputs - 1}
    via = state["trace_via"]
    fields = {name: state[name] for name in NEEDED}
    if state["method"] == "attention":
        fields |= {"method": "rollout", "discard_ratio": 0.0}
    through = None if via is None else [via["level"], via["index"]]
    yield {"kind": "paths", **fields, **node, "via": through}, BYTES_OF_PATHS


_WANTS = {"head": _rows, "model": _thumbnails, "trace": _paths}
