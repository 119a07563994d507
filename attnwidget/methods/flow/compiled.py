"""Maximum flows by the compiled kernel; importing it needs Numba."""

import numpy as np

from attnwidget.methods.flow import kernel
from attnwidget.methods.flow.network import EdgeFlows, Flows, Network, Nodes

BITS = 48


class CompiledSolver:
    """Dinic's algorithm on capacities rounded to ``2**-48``.

    Parameters
    ----------
    network
        A network of any number of steps.
    """

    def __init__(self, network: Network) -> None:
        capacities, self._scale = network.quantised(BITS, np.int64)
        self._residual = kernel.residual(capacities)
        self._network = network

    def flows(self, sources: Nodes, sinks: Nodes) -> Flows:
        """Return the maximum flow of each pair of a node at the top and one at level 0."""
        flows = np.empty(len(sources), np.int64)
        kernel.maximum_flows(self._residual, sources, sinks, self._network.triangular, flows)
        return flows / self._scale

    def edge_flows(self, source: int, sink: int) -> EdgeFlows:
        """Return one maximum flow from a node at the top to one at level 0."""
        net = self._residual
        kernel.maximum_flow(net, source, sink, *self._network.between(source, sink))
        used = net.capacity - net.left
        kernel.undo(net)
        step, upper, lower = used.nonzero()
        return EdgeFlows(step, upper, lower, used[step, upper, lower] / self._scale)
