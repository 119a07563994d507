"""The frames of a file, and about how large they are."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from attnwidget.export.contents import Contents, Held
from attnwidget.export.neurons import neurons_frame
from attnwidget.export.scores import scores_frame
from attnwidget.export.steps import steps_frame
from attnwidget.frames import (
    METHODS,
    Frame,
    Progress,
    ScoresOf,
    Workspace,
    make_frame,
    nodes_of,
    refusal,
)
from attnwidget.methods.fusion import FUSIONS
from attnwidget.trace import Stream

BYTES_PER_SCORE = 1.9
"""Of a file, after deflation and as base64."""

BYTES_PER_HALF = 2.5
BYTES_PER_FLOAT = 5.0
BYTES_OF_FIGURES = 300
BYTES_OF_PATHS = 40_000


@dataclass(frozen=True)
class Part:
    """One frame of a file.

    Attributes
    ----------
    make
        Computes it.
    nbytes
        About how much it adds to the file.
    """

    make: Callable[[Progress], Frame]
    nbytes: float


def plan(workspace: Workspace, contents: Contents) -> list[Part]:
    """Return the parts of a file, in order."""
    parts: list[Part] = []
    for name, held in contents.streams.items():
        stream = workspace.trace[name]
        for scores in held.scores:
            parts += _scores(workspace, stream, held, scores, is_brief=contents.is_brief)
        parts += [
            _figures(workspace, {"kind": "summary", "stream": name, "layer": layer})
            for layer in held.layers
        ]
        if "neuron" in contents.views and stream.has_projections:
            parts += _neurons(workspace, stream, _on_screen(contents, held))
        if "trace" in contents.views:
            parts += _traces(workspace, name, contents)
    if contents.is_brief:
        parts.append(_figures_on_screen(workspace, contents.state))
        return parts
    if any(METHODS[each.method].needs_gradients for each in _all_scores(contents)):
        target = contents.state["target"]
        want = {"kind": "predictions", "position": target and target["position"]}
        parts.append(_figures(workspace, want))
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
    pairs = len(stream.queries) * len(stream.keys)
    density = 0.55 if stream.causal else 1.0
    for layer in held.layers:
        for variant in variants:
            wanted = replace(variant, layer=layer)
            size = wanted.num_heads(stream) if wanted.heads is not None else 1
            make = partial(scores_frame, workspace, wanted)
            yield Part(make, size * pairs * BYTES_PER_SCORE * density)
        if is_brief:
            continue
        for want in _statistics(replace(scores, layer=layer), held.heads if per_head else ()):
            yield _figures(workspace, want)


def _statistics(scores: ScoresOf, heads: tuple[int, ...]) -> Iterator[dict[str, Any]]:
    fusions = FUSIONS if heads else (scores.fusion,)
    for fusion in fusions:
        yield {"kind": "statistics", **replace(scores, heads=None, fusion=fusion).to_json()}
    for head in heads:
        yield {"kind": "statistics", **replace(scores, heads=(head,)).to_json()}


def _figures(workspace: Workspace, want: Mapping[str, Any]) -> Part:
    return Part(lambda progress: make_frame(workspace, want, progress), BYTES_OF_FIGURES)


def _figures_on_screen(workspace: Workspace, state: Mapping[str, Any]) -> Part:
    fields = ("stream", "layer", "method", "fusion", "discard_ratio", "target")
    heads = state["heads"] if METHODS[state["method"]].per_head else None
    want = {"kind": "statistics", "heads": heads and heads[:1]}
    return _figures(workspace, want | {name: state[name] for name in fields})


def _on_screen(contents: Contents, held: Held) -> Held:
    """Return what is held, or of a brief file what is shown of it."""
    if not contents.is_brief:
        return held
    heads = tuple(contents.state["heads"] or (0,))[:1]
    return replace(held, layers=(contents.state["layer"],), heads=heads)


def _neurons(workspace: Workspace, stream: Stream, held: Held) -> Iterator[Part]:
    queries, keys = len(stream.queries), len(stream.keys)
    width = stream.query(0).shape[-1]
    nbytes = BYTES_PER_HALF * (2 * queries * keys + (queries + keys) * width)
    for layer in held.layers:
        for head in held.heads:
            yield Part(partial(neurons_frame, workspace, stream.name, layer, head), nbytes)


def _traces(workspace: Workspace, name: str, contents: Contents) -> Iterator[Part]:
    """Yield the steps of every method that is followed, and what maximum flows cannot do without.

    A page finds paths by itself, but no maximum flows: of these there are those from each node
    that comes out at the top.
    """
    if name != contents.state["stream"] and refusal(
        workspace.trace, workspace.trace[name], "rollout"
    ):
        return
    nodes = nodes_of(workspace.trace, name)
    seen = set()
    for scores in contents.streams[name].scores:
        if scores.method == "max_flow":
            for index in range(nodes.num_outputs):
                yield _flow(workspace, scores, {"index": index})
            if name == contents.state["stream"]:
                yield from _flow_on_screen(workspace, scores, contents.state)
            continue
        followed = replace(scores, method="rollout") if scores.method == "attention" else scores
        if followed in seen:
            continue
        seen.add(followed)
        for place, step in enumerate(nodes.sublayers):
            size = BYTES_PER_FLOAT * len(step.stream.queries) * nodes.num_nodes
            yield Part(partial(steps_frame, workspace, followed, place), size)


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
    want = {"kind": "paths", **fields, **node}
    return Part(lambda progress: make_frame(workspace, want, progress), BYTES_OF_PATHS)
