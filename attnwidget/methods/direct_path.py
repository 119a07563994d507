"""What reaches the logits directly: the directions that they read in every sublayer's output."""

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor

from attnwidget.trace import Trace
from attnwidget.trace.frozen_norm import FrozenNorm, factors_of
from attnwidget.trace.indexing import Indices
from attnwidget.trace.logit_readout import LogitReadout, SublayerPlace
from attnwidget.trace.projected import ProjectedLayer
from attnwidget.trace.sublayer_output import SublayerOutput
from attnwidget.trace.windowed import as_projected


def known_readout(trace: Trace) -> LogitReadout:
    """Return how the logits depend on the residual stream.

    Raises
    ------
    ValueError
        They are no linear function of it, or it is not known.
    """
    if isinstance(trace.readout, str):
        raise ValueError(
            "Contributions need logits that are a linear function of the residual stream, but "
            f"{trace.readout}. aw.effects goes through every layer above instead."
        )
    return trace.readout


@dataclass(frozen=True, eq=False)
class Reading:
    """How one logit, or the difference of two, reads the output of one sublayer directly.

    Attributes
    ----------
    place
        The sublayer.
    layer, output
        Its attention, and what it adds to the residual stream.
    above
        (D,), the direction that is read in the residual above its passage.
    direction
        (D,), the direction that is read in the sum of the sublayer and its residual.
    above_factors, factors
        (n,), the factors of both for each token, from the normalisations above.
    """

    place: SublayerPlace
    layer: ProjectedLayer
    output: SublayerOutput
    above: Tensor
    direction: Tensor
    above_factors: Tensor
    factors: Tensor

    def edges(self, heads: Indices, queries: Indices) -> Tensor:
        """Return the contribution of each head and key, (H', m, n_k) float32, signed."""
        by_key = self.by_key(heads)
        weights = self.layer.weights(heads, queries, slice(0, self.layer.num_keys))
        return weights.mul_(by_key[:, None]).mul_(self.query_factors()[queries][:, None])

    def by_key(self, heads: Indices) -> Tensor:
        """Return the contribution of each head and key for a weight of 1, (H', n_k)."""
        direction = self.direction
        for norm in reversed(self.output.norms):
            direction = norm.pull_back(direction)
        read = self.output.weight.value().float().T @ direction.float()
        by_head = read.reshape(self.layer.num_heads, -1)[heads]
        return (self.layer.value_vectors()[heads] @ by_head[..., None])[..., 0]

    def query_factors(self) -> Tensor:
        """Return the factor of each query, (n_q,)."""
        return self.factors * self.output.factors(self.layer)


def readings(trace: Trace, index: int, versus: int | None = None) -> Iterator[Reading]:
    """Yield the reading of every sublayer on the way to the logits, from the top down.

    The normalisations on the way have the statistics of the run.

    Parameters
    ----------
    trace
        A trace with a readout.
    index
        The token or class.
    versus
        Another one, whose logit is subtracted.
    """
    readout = known_readout(trace)
    direction = _pulled(readout.norms, readout.direction(index, versus))
    factors = factors_of(readout.norms, readout.num_positions)
    for place in reversed(readout.chain):
        stream = trace[place.stream]
        output = stream.output(place.layer)
        below = _pulled(output.passage, direction)
        product = factors * factors_of(output.passage, len(factors))
        layer = as_projected(stream.layers[place.layer], stream.name)
        yield Reading(place, layer, output, direction, below, factors, product)
        direction, factors = below, product


def _pulled(norms: tuple[FrozenNorm, ...], direction: Tensor) -> Tensor:
    for norm in reversed(norms):
        direction = norm.pull_back(direction)
    return direction
