"""How the logits of a model depend on its residual stream."""

from dataclasses import dataclass
from typing import NamedTuple

from torch import Tensor

from attnwidget.trace.frozen_norm import FrozenNorm, pulled_back
from attnwidget.trace.model_weight import Weight

NO_READOUT = "the trace was made from attention weights"
"""Why a trace that no model made has no readout."""


class SublayerPlace(NamedTuple):
    """A layer of a stream.

    Attributes
    ----------
    stream
        Name of the stream.
    layer
        Counted from 0.
    """

    stream: str
    layer: int


@dataclass(frozen=True, eq=False, repr=False)
class LogitReadout:
    """A linear head: ``logits_i = scale * W norms(x_i) + b`` of the residual stream x.

    Parameters
    ----------
    chain
        The attention sublayers that add to the stream, bottom to top.
    residual
        (n, D), the stream at the top.
    norms
        The normalisations between the stream and the unembedding.
    weight
        (V, D), the unembedding W.
    bias
        (V,), b.
    scale
        A factor on what the unembedding returns.
    capped
        True if the model caps these logits afterwards, by a hyperbolic tangent.
    position
        The one position that has logits, as of a classifier; None if all have.
    """

    chain: tuple[SublayerPlace, ...]
    residual: Tensor
    norms: tuple[FrozenNorm, ...]
    weight: Weight
    bias: Tensor | None
    scale: float = 1.0
    capped: bool = False
    position: int | None = None

    @property
    def num_positions(self) -> int:
        """Number of positions that have logits."""
        return len(self.residual)

    @property
    def num_logits(self) -> int:
        """Number of tokens or classes."""
        return self.weight.shape[0]

    def direction(self, index: int, versus: int | None = None) -> Tensor:
        """Return the direction (D,) that a logit, or the difference of two, reads after `norms`."""
        found = self.weight.row(index).float()
        if versus is not None:
            found = found - self.weight.row(versus).float()
        return found * self.scale

    def constant(self, index: int, versus: int | None = None) -> float:
        """Return the part of a logit, or of the difference of two, that no token writes."""
        if self.bias is None:
            return 0.0
        found = self.bias[index] if versus is None else self.bias[index] - self.bias[versus]
        return float(found)

    def pull_back(self, direction: Tensor, position: int) -> Tensor:
        """Return the direction (D,) that is read before `norms`, at a position."""
        return pulled_back(self.norms, direction, position)
