"""Parts of a file for the trace view; a page finds the paths to any node from them."""

from collections.abc import Iterator, Mapping
from typing import Any

from attnwidget.frames import Workspace
from attnwidget.frames.files.parts import Part, paths_part, step_part
from attnwidget.methods.needs import LAYERS_IN_SEQUENCE
from attnwidget.methods.nodes import nodes_of
from attnwidget.methods.registry import METHODS, followed
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.views.contents import Contents
from attnwidget.views.state import State


def trace_parts(workspace: Workspace, contents: Contents, name: str) -> Iterator[Part]:
    """Yield the steps of every method that paths follow, and all maximum flows on the screen.

    A page computes paths, but no maximum flows, so the file has the flows from each output.
    """
    if LAYERS_IN_SEQUENCE.refusal("", workspace.trace, workspace.trace[name]) is not None:
        return
    nodes = nodes_of(workspace.trace, name)
    seen = set()
    for scores in contents.streams[name].scores:
        if METHODS[scores.method].is_flow:
            for index in range(nodes.num_outputs):
                yield _flow(workspace, scores, {"index": index})
            if name == contents.state.stream:
                yield from _flow_on_screen(workspace, scores, contents.state)
            continue
        steps = followed(workspace.trace, scores, at_hand=contents.is_brief)
        if steps in seen:
            continue
        seen.add(steps)
        for place, step in enumerate(nodes.sublayers):
            weights = len(step.stream.queries) * nodes.num_nodes
            yield step_part(workspace, steps, place, weights)


def _flow_on_screen(workspace: Workspace, scores: ScoresOf, state: State) -> Iterator[Part]:
    node, via = state.trace_node, state.trace_via
    if node is not None or via is not None:
        fields = {} if node is None else dict(node)
        through = None if via is None else [via["level"], via["index"]]
        last = nodes_of(workspace.trace, scores.stream).num_outputs - 1
        yield _flow(workspace, scores, {"index": last, **fields, "via": through})


def _flow(workspace: Workspace, scores: ScoresOf, node: Mapping[str, Any]) -> Part:
    fields = {k: v for k, v in scores.to_json().items() if k not in ("layer", "heads")}
    return paths_part(workspace, {**fields, **node})
