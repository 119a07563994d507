"""Maximum flows by scipy."""

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_array
from scipy.sparse.csgraph import maximum_flow

from attnwidget.methods.flow.network import EdgeFlows, Flows, Network, Nodes

BITS = 30
"""Bits of the capacities; scipy silently wraps capacities of more than 31 bits."""


class SparseSolver:
    """scipy's Dinic algorithm on capacities rounded to ``2**-30``.

    Parameters
    ----------
    network
        A network of at least two steps.
    """

    def __init__(self, network: Network) -> None:
        self._network = network
        self._capacities, self._scale = network.quantised(BITS, np.int32)
        self._between = (0, 0)
        self._graph = _levels(self._capacities[:0, :0, :0])

    def flows(self, sources: Nodes, sinks: Nodes) -> Flows:
        """Return the maximum flow of each pair of a node at the top and one at level 0."""
        pairs = zip(sources.tolist(), sinks.tolist(), strict=True)
        return np.array([self._flow(*pair) for pair in pairs], np.float64) / self._scale

    def edge_flows(self, source: int, sink: int) -> EdgeFlows:
        """Return one maximum flow from a node at the top to one at level 0."""
        graph = self._joined(source, sink)
        if graph is None:
            return EdgeFlows.none()
        last = graph.shape[0] - 1
        edges = maximum_flow(graph, 0, last, method="dinic").flow.tocoo()
        used = edges.data > 0  # flow against an edge is negative
        upper, lower = edges.row[used].astype(np.intp), edges.col[used].astype(np.intp)
        # The levels lie between source and sink, from the top down.
        start, stop = self._network.between(source, sink)
        width = stop - start
        return EdgeFlows(
            step=self._network.num_steps - 1 - (lower - 1) // width,
            upper=np.where(upper == 0, source, start + (upper - 1) % width),
            lower=np.where(lower == last, sink, start + (lower - 1) % width),
            flow=edges.data[used] / self._scale,
        )

    def _flow(self, source: int, sink: int) -> int:
        graph = self._joined(source, sink)
        if graph is None:
            return 0
        return int(maximum_flow(graph, 0, graph.shape[0] - 1, method="dinic").flow_value)

    def _joined(self, source: int, sink: int) -> "csr_array[np.int32] | None":
        """Return the graph between a source, as node 0, and a sink, as the last node."""
        between = start, stop = self._network.between(source, sink)
        if start >= stop:
            return None
        if between != self._between:
            self._between = between
            self._graph = _levels(self._capacities[-2:0:-1, start:stop, start:stop])
        width = stop - start
        self._graph.data[:width] = self._capacities[-1, source, start:stop]
        self._graph.data[-width:] = self._capacities[0, start:stop, sink]
        return self._graph


def _levels(inner: NDArray[np.int32]) -> "csr_array[np.int32]":
    """Return the graph of a source, levels of nodes, and a sink.

    Parameters
    ----------
    inner
        (K - 2, w, w) capacities between the K - 1 inner levels, the level below the source first.

    Returns
    -------
    csr_array
        The graph. Its data begin with the source's w edges and end with the sink's w edges, all 0
        at first. Edges without capacity are stored too, because scipy needs an edge at every node
        but the sink.
    """
    count, width, _ = inner.shape
    sink = 1 + (count + 1) * width
    heads = 1 + width * np.arange(1, count + 1)[:, None, None] + np.arange(width)
    indices = [
        1 + np.arange(width),
        np.broadcast_to(heads, inner.shape).ravel(),
        np.full(width, sink),
    ]
    degrees = np.repeat([0, width, 1, 0], [1, 1 + count * width, width, 1])
    ends = np.zeros(width, np.int32)
    return csr_array(
        (
            np.concatenate([ends, inner.ravel(), ends]),
            np.concatenate(indices).astype(np.int32),
            degrees.cumsum().astype(np.int32),
        ),
        shape=(sink + 1, sink + 1),
    )
