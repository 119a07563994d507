"""The flow network of attention steps."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple, TypeAlias, TypeVar

import numpy as np
from numpy.typing import NDArray

from attnwidget.methods.steps import Step

Integer = TypeVar("Integer", bound=np.integer[Any])


Nodes: TypeAlias = NDArray[np.int64]
"""Nodes of one level, counted from 0."""

Flows: TypeAlias = NDArray[np.float64]


class EdgeFlows(NamedTuple):
    """The flow along each edge that carries any.

    Attributes
    ----------
    step
        (E,) the step k of each edge, which leads from level k + 1 down to level k.
    upper, lower
        (E,) the nodes at the ends of each edge.
    flow
        (E,) float64, above 0.
    """

    step: NDArray[np.intp]
    upper: NDArray[np.intp]
    lower: NDArray[np.intp]
    flow: NDArray[np.float64]

    @classmethod
    def none(cls) -> "EdgeFlows":
        """Return no edges."""
        nothing = np.empty(0, np.intp)
        return cls(nothing, nothing, nothing, np.empty(0))


@dataclass(frozen=True, eq=False)
class Network:
    """N nodes on each of K + 1 levels, the outputs at the top and the inputs at level 0.

    Attributes
    ----------
    capacities
        (K, N, N) float32; ``[k, u, v]`` is the capacity of the edge from u on level k + 1 down to v
        on level k.
    """

    capacities: NDArray[np.float32]

    @classmethod
    def of(cls, steps: Sequence[Step]) -> "Network":
        """Return the network of all steps; nodes that a step passes on have a capacity of 1."""
        size = steps[0].num_nodes
        capacities = np.zeros((len(steps), size, size), np.float32)
        for capacity, step in zip(capacities, steps, strict=True):
            np.fill_diagonal(capacity, 1)
            capacity[step.targets] = step.rows(slice(0, step.num_targets)).numpy()
        return cls(capacities)

    @property
    def num_steps(self) -> int:
        """Number of steps, K."""
        return len(self.capacities)

    @property
    def num_nodes(self) -> int:
        """Number of nodes on each level, N."""
        return len(self.capacities[0])

    @cached_property
    def triangular(self) -> bool:
        """True if no edge leads to a later node, as in a causal model."""
        return not any(np.triu(capacity, 1).any() for capacity in self.capacities)

    def between(self, source: int, sink: int) -> tuple[int, int]:
        """Return the range of nodes, as start and stop, that paths from source to sink can take."""
        return (sink, source + 1) if self.triangular else (0, self.num_nodes)

    def quantised(self, bits: int, dtype: type[Integer]) -> tuple[NDArray[Integer], float]:
        """Return the capacities times ``2**bits``, rounded, and that scale.

        If the capacities that leave a node sum to more than 1, the scale is smaller by a power of
        two.
        """
        largest = max(float(capacity.sum(-1).max()) for capacity in self.capacities)
        # The sum of a normalised row may exceed 1 by a rounding error of float32.
        scale = 2.0 ** (bits - max(0, math.ceil(math.log2(largest / 1.001)))) if largest else 1.0
        rounded = np.empty(self.capacities.shape, dtype)
        for whole, capacity in zip(rounded, self.capacities, strict=True):
            whole[:] = np.rint(capacity.astype(np.float64) * scale)
        return rounded, scale
