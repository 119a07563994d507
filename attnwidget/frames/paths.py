"""Frames of the paths from the inputs to a node."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from attnwidget.frames.frame import Frame
from attnwidget.frames.reader import Reader
from attnwidget.frames.score_rows import steps_of
from attnwidget.frames.workspace import Workspace
from attnwidget.methods.flow.pairs import pair_flows
from attnwidget.methods.flow_paths import flow_paths
from attnwidget.methods.nodes import nodes_of
from attnwidget.methods.paths import Paths, paths
from attnwidget.methods.progress import Progress
from attnwidget.methods.registry import METHODS, followed
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.methods.steps import Step
from attnwidget.shared import LIMITS
from attnwidget.trace import Trace

MOST = LIMITS["paths"]["edges"]
"""Most edges that are listed by default."""

LARGEST_MOST = 100_000


@dataclass(frozen=True)
class PathsWant:
    """A request for the paths to one node.

    Attributes
    ----------
    scores
        The method, and the stream whose whole stack or encoder-decoder the paths go through.
    level, index
        The node. Level 0 holds the inputs, and None is the top; an index of None is the last
        output.
    via
        Level and index of a node that all paths go through, or None. For max-flow, `via` is an
        input, at level 0, where the flow ends; None is the input with the largest flow.
    most
        Most edges to list, the strongest.
    """

    scores: ScoresOf
    level: int | None = None
    index: int | None = None
    via: tuple[int, int] | None = None
    most: int = MOST

    @classmethod
    def read(cls, reader: Reader) -> "PathsWant":
        """Read the fields of the request."""
        scores = reader.scores_through_layers()
        nodes = nodes_of(reader.trace, scores.stream)
        levels = len(nodes.sublayers) + 1
        return cls(
            scores,
            reader.index_or_none("level", levels),
            reader.index_or_none("index", nodes.num_nodes),
            reader.node("via", levels, nodes.num_nodes),
            reader.amount("most", MOST, LARGEST_MOST),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the request as the front end writes it."""
        scores = self.scores.to_json()
        return {
            "kind": "paths",
            **{name: scores[name] for name in scores if name not in ("layer", "heads")},
            "level": self.level,
            "index": self.index,
            "via": None if self.via is None else list(self.via),
            "most": self.most,
        }


def paths_frame(workspace: Workspace, want: PathsWant, progress: Progress = None) -> Frame:
    """Make the frame of the `Paths` and of the shares that arrive at the inputs.

    If paths follow another method's steps, the header names that method.
    """
    trace, scores = workspace.trace, want.scores
    nodes = nodes_of(trace, scores.stream)
    index = nodes.num_outputs - 1 if want.index is None else want.index
    method = METHODS[followed(trace, scores).method]
    steps = steps_of(trace, scores)
    if method.is_flow:
        arriving = _flows_from(steps, index, want.level, progress)
        level, chosen = want.via or (-1, -1)
        sink = chosen if level == 0 else int(arriving.argmax())
        found = flow_paths(steps, index, sink, level=want.level, most=want.most)
    else:
        found = paths(
            steps, index, level=want.level, via=want.via, most=want.most, progress=progress
        )
        arriving, sink = found.shares[0], None
    return Frame(
        "paths",
        want.to_json(),
        _arrays(found) | {"arriving": arriving},
        {
            "levels": [level_json(trace, step) for step in steps],
            "method": method.name,
            "total": found.total,
            "sink": sink,
        },
    )


def level_json(trace: Trace, step: Step) -> dict[str, Any]:
    """Return the stream and the layer of a step, and the model's own number of the layer."""
    number = trace[step.stream].layer_numbers[step.layer]
    return {"stream": step.stream, "layer": step.layer, "number": number}


def _flows_from(steps: Sequence[Step], node: int, level: int | None, progress: Progress) -> Tensor:
    """Return the maximum flows from a node to all inputs, (N,) float32."""
    sinks = torch.arange(steps[0].num_nodes, device="cpu")
    if level == 0:
        return (sinks == node).float()
    flows = pair_flows(steps[:level], sinks[node : node + 1], sinks, progress=progress)
    return flows[0].float()


def _arrays(found: Paths) -> dict[str, Tensor]:
    return {
        "shares": found.shares,
        "steps": found.step.to(torch.uint16),
        "uppers": found.upper.to(torch.uint32),
        "lowers": found.lower.to(torch.uint32),
        "edges": found.share,
    }
