"""Parts of a file: frames, each with its estimated size."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from attnwidget.frames import Frame, Workspace, make_frame
from attnwidget.frames.files.neurons import neurons_frame
from attnwidget.frames.files.scores import scores_frame
from attnwidget.frames.files.steps import steps_frame
from attnwidget.methods.progress import Progress
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.trace import Stream

BYTES_PER_SCORE = 1.9
"""Estimated bytes of one score in a file, deflated and as base64."""

BYTES_PER_HALF = 2.5
BYTES_PER_FLOAT = 5.0
BYTES_OF_FIGURES = 300
BYTES_OF_PATHS = 40_000
BYTES_OF_CONTRIBUTIONS = 5_000
BYTES_OF_FINDINGS = 2_500


@dataclass(frozen=True)
class Part:
    """One frame of a file.

    Attributes
    ----------
    want
        The request that the frame answers.
    make
        Computes the frame.
    nbytes
        Approximate bytes that the frame adds to the file.
    """

    want: Mapping[str, Any]
    make: Callable[[Progress], Frame]
    nbytes: float

    @property
    def key(self) -> str:
        """A key that is equal for parts of the same frame."""
        return json.dumps(self.want, sort_keys=True)


def scores_part(workspace: Workspace, stream: Stream, scores: ScoresOf) -> Part:
    """Return the scores of one layer: of the named heads, or of all heads fused."""
    pairs = len(stream.queries) * len(stream.keys)
    density = 0.55 if stream.causal else 1.0
    matrices = 1 if scores.fused else scores.num_heads(stream)
    return Part(
        {"kind": "scores", **scores.to_json()},
        partial(scores_frame, workspace, scores),
        matrices * pairs * BYTES_PER_SCORE * density,
    )


def figures_part(workspace: Workspace, want: Mapping[str, Any]) -> Part:
    """Return the part of a frame of a few numbers."""
    return _as_views_ask(workspace, want, BYTES_OF_FIGURES)


def contributions_part(workspace: Workspace, want: Mapping[str, Any]) -> Part:
    """Return the parts of a logit."""
    return _as_views_ask(workspace, want, BYTES_OF_CONTRIBUTIONS)


def findings_part(workspace: Workspace, want: Mapping[str, Any]) -> Part:
    """Return the heads to look at first."""
    return _as_views_ask(workspace, want, BYTES_OF_FINDINGS)


def statistics_part(workspace: Workspace, scores: ScoresOf) -> Part:
    """Return the statistics of one matrix."""
    return figures_part(workspace, {"kind": "statistics", **scores.to_json()})


def summary_part(workspace: Workspace, stream: str, layer: int) -> Part:
    """Return the summary of a layer's heads."""
    return figures_part(workspace, {"kind": "summary", "stream": stream, "layer": layer})


def neurons_part(workspace: Workspace, stream: Stream, layer: int, head: int) -> Part:
    """Return the attention scores of all queries of one head."""
    queries, keys, width = len(stream.queries), len(stream.keys), stream.query(0).shape[-1]
    return Part(
        {"kind": "neurons", "stream": stream.name, "layer": layer, "head": head},
        partial(neurons_frame, workspace, stream.name, layer, head),
        BYTES_PER_HALF * (2 * queries * keys + (queries + keys) * width),
    )


def step_part(workspace: Workspace, scores: ScoresOf, place: int, weights: int) -> Part:
    """Return one step of a method through layers, with its number of weights."""
    return Part(
        {"kind": "steps", **scores.to_json(), "place": place},
        partial(steps_frame, workspace, scores, place),
        BYTES_PER_FLOAT * weights,
    )


def paths_part(workspace: Workspace, want: Mapping[str, Any]) -> Part:
    """Return the paths to one node."""
    return _as_views_ask(workspace, {"kind": "paths", **want}, BYTES_OF_PATHS)


def _as_views_ask(workspace: Workspace, want: Mapping[str, Any], nbytes: float) -> Part:
    return Part(want, lambda progress: make_frame(workspace, want, progress), nbytes)
