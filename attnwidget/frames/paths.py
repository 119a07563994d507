"""Frames of the paths on which the content of a node came from the inputs."""

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

MOST = LIMITS["paths"]["edges"]
"""Edges that are listed, unless asked otherwise."""

LARGEST_MOST = 100_000


@dataclass(frozen=True)
class PathsWant:
    """A request for the paths to one node.

    Attributes
    ----------
    scores
        The stream, whose whole stack or encoder-decoder is gone through, and the method.
    level, index
        The node: 0 are the inputs, None the top; and among the nodes of a level, None the last one
        that comes out at the top.
    via
        Level and index of a node that everything goes through, or None. For max-flow an input, at
        level 0: the one that the flow listed comes from; else it is the one that most comes from.
    most
        How many edges are listed, the strongest.
    """

    scores: ScoresOf
    level: int | None = None
    index: int | None = None
    via: tuple[int, int] | None = None
    most: int = MOST

    @classmethod
    def read(cls, reader: Reader) -> "PathsWant":
        """Take the fields of the request."""
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

    A method that leads through a single layer is followed by another, which the header names.
    """
    trace, scores = workspace.trace, want.scores
    nodes = nodes_of(trace, scores.stream)
    index = nodes.num_outputs - 1 if want.index is None else want.index
    method = METHODS[followed(scores).method]
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
            "levels": [{"stream": step.stream, "layer": step.layer} for step in steps],
            "method": method.name,
            "total": found.total,
            "sink": sink,
        },
    )


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
