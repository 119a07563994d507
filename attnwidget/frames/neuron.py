"""Frames of the attention scores of one query."""

from dataclasses import dataclass
from typing import Any

import torch

from attnwidget.frames.frame import Frame
from attnwidget.frames.reader import Reader
from attnwidget.frames.workspace import Workspace
from attnwidget.methods.progress import Progress

FLOAT16_LARGEST = torch.finfo(torch.float16).max


@dataclass(frozen=True)
class NeuronWant:
    """A request for one query of one head.

    Attributes
    ----------
    stream
        Name of the stream.
    layer, head, query
        Counted from 0.
    """

    stream: str
    layer: int
    head: int
    query: int

    @classmethod
    def read(cls, reader: Reader) -> "NeuronWant":
        """Read the fields of the request."""
        stream = reader.stream()
        return cls(
            stream.name,
            reader.index("layer", stream.num_layers),
            reader.index("head", stream.num_heads),
            reader.index("query", len(stream.queries)),
        )

    def to_json(self) -> dict[str, Any]:
        """Return the request as the front end writes it."""
        return {
            "kind": "neuron",
            "stream": self.stream,
            "layer": self.layer,
            "head": self.head,
            "query": self.query,
        }


def neuron_frame(workspace: Workspace, want: NeuronWant, _progress: Progress = None) -> Frame:
    """Make the frame: `AttentionScores` unchanged, except key vectors rounded to float16.

    Raises
    ------
    ValueError
        The stream holds attention weights only.
    """
    scores = workspace.trace[want.stream].scores(want.layer, want.head, want.query)
    keys = scores.keys.clamp(-FLOAT16_LARGEST, FLOAT16_LARGEST)
    arrays = {
        "query": scores.query,
        "keys": keys.half(),
        "scaled": scores.scaled,
        "capped": scores.capped,
        "bias": scores.bias,
        "allowed": scores.allowed.to(torch.uint8),
        "weights": scores.weights,
    }
    return Frame(
        "neuron",
        want.to_json(),
        {name: array for name, array in arrays.items() if array is not None},
        {"scale": scores.scale, "softcap": scores.softcap, "sink": scores.sink},
    )
