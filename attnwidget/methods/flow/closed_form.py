"""Maximum flows through one or two steps, by a formula."""

import numpy as np

from attnwidget.methods.flow.network import EdgeFlows, Flows, Network, Nodes


class ClosedForm:
    """Solver for one step, where the flow is the capacity, and for two steps.

    With two steps, the flow is the sum over the nodes between of the smaller of the two edges.

    Parameters
    ----------
    network
        A network of one or two steps.
    """

    MOST_STEPS = 2

    def __init__(self, network: Network) -> None:
        self._capacities = network.capacities

    def flows(self, sources: Nodes, sinks: Nodes) -> Flows:
        """Return the maximum flow of each pair of a node at the top and one at level 0."""
        if len(self._capacities) == 1:
            flows: Flows = self._capacities[0, sources, sinks].astype(np.float64)
        else:
            flows = self._through(sources, sinks).sum(-1)
        return flows

    def edge_flows(self, source: int, sink: int) -> EdgeFlows:
        """Return the maximum flow from a node at the top to one at level 0."""
        if len(self._capacities) == 1:
            capacity = self._capacities[0, source, [sink]].astype(np.float64)
            used = capacity.nonzero()[0]
            return EdgeFlows(used, used + source, used + sink, capacity[used])
        through = self._through(np.array([source]), np.array([sink]))[0]
        middle = through.nonzero()[0]
        return EdgeFlows(
            step=np.repeat([1, 0], len(middle)),
            upper=np.concatenate([np.full_like(middle, source), middle]),
            lower=np.concatenate([middle, np.full_like(middle, sink)]),
            flow=np.tile(through[middle], 2),
        )

    def _through(self, sources: Nodes, sinks: Nodes) -> Flows:
        """Return the flow of each pair through each node between the two steps, (P, N)."""
        lower, upper = self._capacities
        through: Flows = np.minimum(upper[sources], lower[:, sinks].T).astype(np.float64)
        return through
