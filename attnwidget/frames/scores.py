"""Where the scores that a selection shows come from, by method."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from torch import Tensor

from attnwidget.methods import fuse_heads
from attnwidget.methods.fusion import Fusion
from attnwidget.trace import Trace


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
    """

    stream: str
    layer: int
    heads: tuple[int, ...] | None
    method: str
    fusion: Fusion


RowsOf: TypeAlias = Callable[[slice], Tensor]
"""Returns the scores of some queries, (H', n_q, n_k) float32; H' is 1 where heads are fused."""


def attention_rows(trace: Trace, scores: ScoresOf) -> RowsOf:
    """Return the attention weights themselves."""
    stream = trace[scores.stream]

    def rows(queries: slice) -> Tensor:
        weights = stream.attention(scores.layer, scores.heads, queries=queries)
        return fuse_heads(weights, scores.fusion)[None] if scores.heads is None else weights

    return rows


METHODS: dict[str, Callable[[Trace, ScoresOf], RowsOf]] = {"attention": attention_rows}
"""How each method makes its scores; a method is added here."""
