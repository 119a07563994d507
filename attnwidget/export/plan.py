"""Which frames a file holds, and in what order."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

from attnwidget.export.contents import Contents, Held
from attnwidget.export.parts import (
    Part,
    figures_part,
    neurons_part,
    paths_part,
    scores_part,
    statistics_part,
    step_part,
    summary_part,
)
from attnwidget.frames import Workspace
from attnwidget.methods.fusion import FUSIONS
from attnwidget.methods.needs import LAYERS_IN_SEQUENCE
from attnwidget.methods.nodes import nodes_of
from attnwidget.methods.registry import METHODS, followed
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.methods.settings import TARGET
from attnwidget.trace import Stream


def plan(workspace: Workspace, contents: Contents) -> list[Part]:
    """Return the parts of a file, in order."""
    parts: list[Part] = []
    for name, held in contents.streams.items():
        stream = workspace.trace[name]
        for scores in held.scores:
            parts += _scores(workspace, stream, held, scores, is_brief=contents.is_brief)
        parts += [summary_part(workspace, name, layer) for layer in held.layers]
        if "neuron" in contents.views and stream.has_projections:
            parts += _neurons(workspace, stream, _with_neurons(contents, held))
        if "trace" in contents.views:
            parts += _traces(workspace, name, contents)
    if contents.is_brief:
        parts.append(_statistics_on_screen(workspace, contents.state))
        return parts
    if any(TARGET in METHODS[each.method].settings for each in _all_scores(contents)):
        target = contents.state["target"]
        want = {"kind": "predictions", "position": target and target["position"]}
        parts.append(figures_part(workspace, want))
    return parts


def _all_scores(contents: Contents) -> Iterator[ScoresOf]:
    for held in contents.streams.values():
        yield from held.scores


def _scores(
    workspace: Workspace, stream: Stream, held: Held, scores: ScoresOf, *, is_brief: bool
) -> Iterator[Part]:
    """Yield the scores of every layer and their statistics.

    Where not all heads are held, they are fused beforehand in every way.
    """
    per_head = METHODS[scores.method].per_head
    variants = [scores]
    if per_head:
        variants = [replace(scores, heads=held.heads)] if held.heads else []
        if len(held.heads) < stream.num_heads:
            fusions = (scores.fusion,) if is_brief else FUSIONS
            variants += [replace(scores, fusion=fusion) for fusion in fusions]
    for layer in held.layers:
        for variant in variants:
            yield scores_part(workspace, stream, replace(variant, layer=layer))
        if not is_brief:
            heads = held.heads if per_head else ()
            yield from _statistics(workspace, replace(scores, layer=layer), heads)


def _statistics(workspace: Workspace, scores: ScoresOf, heads: tuple[int, ...]) -> Iterator[Part]:
    for fusion in FUSIONS if heads else (scores.fusion,):
        yield statistics_part(workspace, replace(scores, heads=None, fusion=fusion))
    for head in heads:
        yield statistics_part(workspace, replace(scores, heads=(head,)))


def _statistics_on_screen(workspace: Workspace, state: Mapping[str, Any]) -> Part:
    fields = ("stream", "layer", "method", "fusion", "discard_ratio", "target")
    heads = state["heads"] if METHODS[state["method"]].per_head else None
    want = {"kind": "statistics", "heads": heads and heads[:1]}
    return figures_part(workspace, want | {name: state[name] for name in fields})


def _with_neurons(contents: Contents, held: Held) -> Held:
    """Return what is held, or of a brief file the one head that is shown."""
    if not contents.is_brief:
        return held
    heads = tuple(contents.state["heads"] or (0,))[:1]
    return replace(held, layers=(contents.state["layer"],), heads=heads)


def _neurons(workspace: Workspace, stream: Stream, held: Held) -> Iterator[Part]:
    for layer in held.layers:
        for head in held.heads:
            yield neurons_part(workspace, stream, layer, head)


def _traces(workspace: Workspace, name: str, contents: Contents) -> Iterator[Part]:
    """Yield the steps of every method that is followed, and what maximum flows cannot do without.

    A page finds paths by itself, but no maximum flows: of these there are those from each node
    that comes out at the top.
    """
    stream = workspace.trace[name]
    if LAYERS_IN_SEQUENCE.refusal("", workspace.trace, stream) is not None:
        return
    nodes = nodes_of(workspace.trace, name)
    seen = set()
    for scores in contents.streams[name].scores:
        if METHODS[scores.method].is_flow:
            for index in range(nodes.num_outputs):
                yield _flow(workspace, scores, {"index": index})
            if name == contents.state["stream"]:
                yield from _flow_on_screen(workspace, scores, contents.state)
            continue
        steps = followed(scores)
        if steps in seen:
            continue
        seen.add(steps)
        for place, step in enumerate(nodes.sublayers):
            weights = len(step.stream.queries) * nodes.num_nodes
            yield step_part(workspace, steps, place, weights)


def _flow_on_screen(
    workspace: Workspace, scores: ScoresOf, state: Mapping[str, Any]
) -> Iterator[Part]:
    node, via = state["trace_node"], state["trace_via"]
    if node is not None or via is not None:
        fields = {} if node is None else dict(node)
        through = None if via is None else [via["level"], via["index"]]
        last = nodes_of(workspace.trace, scores.stream).num_outputs - 1
        yield _flow(workspace, scores, {"index": last, **fields, "via": through})


def _flow(workspace: Workspace, scores: ScoresOf, node: Mapping[str, Any]) -> Part:
    fields = {k: v for k, v in scores.to_json().items() if k not in ("layer", "heads")}
    return paths_part(workspace, {**fields, **node})
