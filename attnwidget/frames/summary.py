"""Frames of a few figures for each head of a layer."""

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor

from attnwidget.analysis.entropy import over_maximum, row_entropy, shares
from attnwidget.frames.frame import Frame
from attnwidget.frames.reader import Reader
from attnwidget.frames.visible_rows import BLOCK_ELEMENTS
from attnwidget.frames.workspace import Workspace
from attnwidget.methods.progress import Progress
from attnwidget.shared import LIMITS
from attnwidget.trace import Stream


@dataclass(frozen=True)
class SummaryWant:
    """A request for the figures of one layer.

    Attributes
    ----------
    stream
        Name of the stream.
    layer
        Counted from 0.
    """

    stream: str
    layer: int

    @classmethod
    def read(cls, reader: Reader) -> "SummaryWant":
        """Read the fields of the request."""
        stream = reader.stream()
        return cls(stream.name, reader.index("layer", stream.num_layers))

    def is_quick(self, workspace: Workspace) -> bool:
        """Return whether the frame is made at once."""
        layer = workspace.trace[self.stream].layers[self.layer]
        weights = layer.num_heads * layer.num_queries * layer.num_keys
        return weights <= LIMITS["requests"]["quick_weights"]

    def to_json(self) -> dict[str, Any]:
        """Return the request as the front end writes it."""
        return {"kind": "summary", "stream": self.stream, "layer": self.layer}


def summary_frame(workspace: Workspace, want: SummaryWant, progress: Progress = None) -> Frame:
    """Make the frame: every figure (H,) float32, a mean over the queries that attend to any key.

    Each row is first divided by its sum, so that the share of an attention sink does not count.
    ``entropy`` is divided by the logarithm of the number of keys that the mask allows. Queries with
    one allowed key are left out; if all queries are, the entropy is 0. ``diagonal`` and
    ``previous`` are NaN if queries and keys are different tokens, or there is no such row.
    """
    stream = workspace.trace[want.stream]
    layer = stream.layers[want.layer]
    size = max(1, BLOCK_ELEMENTS // (layer.num_heads * layer.num_keys))
    parts = []
    for start in range(0, layer.num_queries, size):
        if callable(progress):
            progress(start, layer.num_queries)
        queries = slice(start, min(start + size, layer.num_queries))
        allowed = layer.num_allowed(slice(0, layer.num_heads), queries)
        parts.append(_figures(stream, want.layer, queries, allowed))
    rows = {name: torch.cat([part[name] for part in parts], dim=1) for name in parts[0]}
    means = {name: values.nanmean(1) for name, values in rows.items()}
    return Frame("summary", want.to_json(), means | {"entropy": means["entropy"].nan_to_num(0.0)})


def attends_to_itself(stream: Stream) -> bool:
    """Return whether queries and keys are the same tokens."""
    return stream.name != "cross" and stream.queries == stream.keys


def _figures(stream: Stream, layer: int, queries: slice, allowed: Tensor) -> dict[str, Tensor]:
    """Return each figure for each row, (H, n_q); NaN if it is not defined."""
    rows = shares(stream.attention(layer, queries=queries))
    entropy = row_entropy(rows)
    undefined = torch.full_like(entropy, torch.nan)
    diagonal, previous = undefined, undefined.clone()
    if attends_to_itself(stream):
        diagonal = rows.diagonal(queries.start, dim1=1, dim2=2)
        first = max(queries.start, 1)
        before = rows[:, first - queries.start :].diagonal(first - 1, dim1=1, dim2=2)
        previous[:, first - queries.start :] = before
    return {
        "entropy": over_maximum(entropy, allowed),
        "effective": entropy.exp(),
        "first": rows[..., 0],
        "diagonal": diagonal,
        "previous": previous,
    }
