"""Frames of a few figures for each head of a layer."""

from dataclasses import dataclass
from typing import Any

from attnwidget.analysis.head_figures import head_figures
from attnwidget.frames.frame import Frame
from attnwidget.frames.reader import Reader
from attnwidget.frames.workspace import Workspace
from attnwidget.methods.progress import Progress
from attnwidget.shared import LIMITS


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
    """Make the frame of `head_figures`: every figure (H,) float32."""
    report = progress if callable(progress) else None
    figures = head_figures(workspace.trace[want.stream], want.layer, report)
    return Frame("summary", want.to_json(), figures)
