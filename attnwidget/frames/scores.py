"""Which scores a selection shows, and where each method's come from."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from torch import Tensor

from attnwidget.frames.target import NamedTarget, target_json
from attnwidget.frames.workspace import Progress, Workspace
from attnwidget.methods import fuse_heads
from attnwidget.methods.fusion import Fusion
from attnwidget.trace import Stream


@dataclass(frozen=True)
class ScoresOf:
    """Which scores: those of a method in one layer, of some heads or of all of them fused.

    Attributes
    ----------
    stream
        Name of the stream.
    layer
        Counted from 0.
    heads
        Counted from 0; None for all of them fused.
    method
        A key of `METHODS`.
    fusion
        How heads are fused.
    discard_ratio
        Rollout: the share of the smallest entries that is left out.
    target
        What gradients are taken of.
    into_one
        Fuse the heads that are named, too.
    """

    stream: str
    layer: int
    heads: tuple[int, ...] | None
    method: str
    fusion: Fusion
    discard_ratio: float = 0.0
    target: NamedTarget = None
    into_one: bool = False

    @property
    def fused(self) -> bool:
        """Whether there is one matrix for all heads."""
        return self.into_one or self.heads is None

    def in_one(self) -> "ScoresOf":
        """Return the same with the named heads fused."""
        return replace(self, into_one=True)

    def num_heads(self, stream: Stream) -> int:
        """Return how many heads take part."""
        return stream.num_heads if self.heads is None else len(self.heads)

    def to_json(self) -> dict[str, Any]:
        """Return the fields of a request that say which scores."""
        return {
            "stream": self.stream,
            "layer": self.layer,
            "heads": None if self.heads is None else list(self.heads),
            "method": self.method,
            "fusion": self.fusion,
            "discard_ratio": self.discard_ratio,
            "target": target_json(self.target),
        }


RowsOf: TypeAlias = Callable[[slice], Tensor]
"""Returns the scores of some queries, (H', n_q, n_k) float32, the caller's own to change; H' is 1
where heads are fused."""


def attention_rows(workspace: Workspace, scores: ScoresOf, _progress: Progress) -> RowsOf:
    """Return the attention weights themselves."""
    stream = workspace.trace[scores.stream]

    def rows(queries: slice) -> Tensor:
        weights = stream.attention(scores.layer, scores.heads, queries=queries)
        return fuse_heads(weights, scores.fusion)[None] if scores.fused else weights

    return rows
