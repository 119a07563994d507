"""The identity of scores as plain data: a stream, a layer, heads, a method and its settings."""

from dataclasses import dataclass, replace
from typing import Any

from attnwidget.methods.fusion import Fusion
from attnwidget.methods.named_target import NamedTarget, target_json
from attnwidget.trace import Stream


@dataclass(frozen=True)
class ScoresOf:
    """The scores of a method in one layer, of some heads or of all heads fused.

    Attributes
    ----------
    stream
        The name of the stream.
    layer
        Counted from 0.
    heads
        The heads, counted from 0; None for all heads fused.
    method
        The name of a method in `attnwidget.methods.registry.METHODS`.
    fusion
        The function that fuses heads.
    discard_ratio
        The share of the smallest entries to leave out, for methods that have this setting.
    target
        The target of gradients, for methods that have this setting.
    receptive_field, skip_first
        Whether these settings are on, for methods that have them.
    into_one
        Fuse the named heads, too.
    difference
        Take the scores of the run before away, head by head, before heads are fused.
    """

    stream: str
    layer: int
    heads: tuple[int, ...] | None
    method: str
    fusion: Fusion
    discard_ratio: float = 0.0
    target: NamedTarget = None
    receptive_field: bool = False
    skip_first: bool = False
    into_one: bool = False
    difference: bool = False

    @property
    def fused(self) -> bool:
        """True if there is one matrix for all heads."""
        return self.into_one or self.heads is None

    def in_one(self) -> "ScoresOf":
        """Return the same scores with the named heads fused."""
        return replace(self, into_one=True)

    def num_heads(self, stream: Stream) -> int:
        """Return the number of heads that take part."""
        return stream.num_heads if self.heads is None else len(self.heads)

    def to_json(self) -> dict[str, Any]:
        """Return the fields of a request that identify the scores."""
        return {
            "stream": self.stream,
            "layer": self.layer,
            "heads": None if self.heads is None else list(self.heads),
            "method": self.method,
            "fusion": self.fusion,
            "discard_ratio": self.discard_ratio,
            "target": target_json(self.target),
            "receptive_field": self.receptive_field,
            "skip_first": self.skip_first,
            **({"difference": True} if self.difference else {}),
        }
