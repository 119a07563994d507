"""Dinic's algorithm for a network of levels, compiled; importing it needs Numba.

All pairs share one dense residual network; each pair undoes its own changes. The number of a node
is ``level * N + token``, and that of the edge from (k + 1, u) down to (k, v) is
``(k * N + u) * N + v``.

E. A. Dinic, Algorithm for solution of a problem of maximum flow in networks with power estimation,
Soviet Mathematics Doklady 11 (1970).

The code uses plain loops, because array expressions would more than double the compile time.
"""

from collections.abc import Callable
from typing import NamedTuple, TypeVar

import numba
import numpy as np
from numpy.typing import NDArray

Function = TypeVar("Function", bound=Callable[..., object])
Integers = NDArray[np.int64]

UNREACHED = -1
OWN_TOKEN, SINK_TOKEN, OTHER_TOKENS = 0, 1, 2
"""Order of a node's arcs: down to the same token, to the sink's, to all; then up to all."""


def compiled(function: Function) -> Function:
    """Compile at the first call, cache the code on disk, and run without the interpreter's lock."""
    try:
        made: Function = numba.njit(cache=True, nogil=True)(function)
    except RuntimeError:  # no folder is writable
        made = numba.njit(nogil=True)(function)
    return made


class Residual(NamedTuple):
    """The residual network and the buffers of its searches."""

    capacity: Integers  # (K, N, N)
    left: Integers  # (K, N, N): the unused capacity
    changed: Integers  # edges that are in use, up to the length of this list
    num_changed: Integers  # (1,): number of edges in use, listed or not
    distance: Integers  # (K + 1, N): edges to the sink, or UNREACHED, also if exhausted
    arc: Integers  # (K + 1, N): the arc of each node to try next
    unmet: Integers  # (K + 1, N): the tokens of each level that the search has not reached
    num_unmet: Integers  # (K + 1,)
    nodes: Integers  # the queue of the search; the path of the descent
    edges: Integers  # along the path: the edge taken to the next node
    wanted: Integers  # along the path: the flow to send through this node
    sent: Integers  # along the path: the flow sent so far


def residual(capacity: Integers) -> Residual:
    """Return the residual network of (K, N, N) capacities without flow."""
    steps, size, _ = capacity.shape
    grid, line = (steps + 1, size), (steps + 1) * size
    return Residual(
        capacity=capacity,
        left=capacity.copy(),
        # With more changes than this, copying all capacities is as fast.
        changed=np.empty(capacity.size // 4 + 1, np.int64),
        num_changed=np.zeros(1, np.int64),
        distance=np.empty(grid, np.int64),
        arc=np.empty(grid, np.int64),
        unmet=np.empty(grid, np.int64),
        num_unmet=np.empty(steps + 1, np.int64),
        nodes=np.empty(line, np.int64),
        edges=np.empty(line, np.int64),
        wanted=np.empty(line, np.int64),
        sent=np.empty(line, np.int64),
    )


@compiled
def maximum_flows(
    net: Residual, sources: Integers, sinks: Integers, triangular: bool, flows: Integers
) -> None:
    """Write the maximum flow of each pair, from its source at the top to its sink at level 0."""
    for pair in range(len(sources)):
        source, sink = sources[pair], sinks[pair]
        low, high = (sink, source + 1) if triangular else (0, net.capacity.shape[1])
        flows[pair] = maximum_flow(net, source, sink, low, high)
        undo(net)


@compiled
def maximum_flow(net: Residual, source: int, sink: int, low: int, high: int) -> int:
    """Send the maximum flow through the tokens `low` to `high` - 1; return its value."""
    steps = net.capacity.shape[0]
    leaving, arriving = 0, 0
    for token in range(low, high):
        leaving += net.capacity[steps - 1, source, token]
        arriving += net.capacity[0, token, sink]
    bound = min(leaving, arriving)
    flow = 0
    while flow < bound and measure_distances(net, source, sink, low, high):
        flow += send(net, source, sink, low, high, bound - flow)
    return flow


@compiled
def undo(net: Residual) -> None:
    """Undo all flow."""
    count = net.num_changed[0]
    left, capacity = net.left.reshape(-1), net.capacity.reshape(-1)
    if count <= len(net.changed):
        for place in range(count):
            edge = net.changed[place]
            left[edge] = capacity[edge]
    else:
        for edge in range(net.capacity.size):
            left[edge] = capacity[edge]
    net.num_changed[0] = 0


@compiled
def measure_distances(net: Residual, source: int, sink: int, low: int, high: int) -> bool:
    """Search breadth-first back from the sink; return whether the source was reached."""
    steps, size, _ = net.capacity.shape
    for level in range(steps + 1):
        net.num_unmet[level] = high - low
        for token in range(low, high):
            net.unmet[level, token - low] = token
            net.distance[level, token] = UNREACHED
            net.arc[level, token] = 0
    net.unmet[steps, 0], net.num_unmet[steps] = source, 1

    net.distance[0, sink] = 0
    net.nodes[0] = sink
    first, last = 0, 1
    while first < last:
        level, token = net.nodes[first] // size, net.nodes[first] % size
        last = meet_above(net, level, token, last)
        if level > 1:
            last = meet_below(net, level, token, last)
        if net.distance[steps, source] != UNREACHED:
            return True
        first += 1
    return False


@compiled
def meet_above(net: Residual, level: int, token: int, last: int) -> int:
    """Queue the nodes above that can send to this one; return the end of the queue."""
    size, count, place = net.capacity.shape[1], net.num_unmet[level + 1], 0
    while place < count:
        upper = net.unmet[level + 1, place]
        if net.left[level, upper, token] == 0:
            place += 1
            continue
        net.distance[level + 1, upper] = net.distance[level, token] + 1
        net.nodes[last] = (level + 1) * size + upper
        last += 1
        count -= 1
        net.unmet[level + 1, place] = net.unmet[level + 1, count]
    net.num_unmet[level + 1] = count
    return last


@compiled
def meet_below(net: Residual, level: int, token: int, last: int) -> int:
    """Queue the nodes below that can return flow to this one; return the end of the queue."""
    size, count, place = net.capacity.shape[1], net.num_unmet[level - 1], 0
    while place < count:
        lower = net.unmet[level - 1, place]
        if net.left[level - 1, token, lower] == net.capacity[level - 1, token, lower]:
            place += 1
            continue
        net.distance[level - 1, lower] = net.distance[level, token] + 1
        net.nodes[last] = (level - 1) * size + lower
        last += 1
        count -= 1
        net.unmet[level - 1, place] = net.unmet[level - 1, count]
    net.num_unmet[level - 1] = count
    return last


@compiled
def send(net: Residual, source: int, sink: int, low: int, high: int, limit: int) -> int:
    """Send up to `limit` along shortest paths, depth-first; return the flow that reached the sink.

    A node tries one arc after the other until it has sent the wanted flow or is exhausted. The
    capacity of an edge is updated once, when the descent returns over the edge.
    """
    steps, size, _ = net.capacity.shape
    left, capacity = net.left.reshape(-1), net.capacity.reshape(-1)
    distance, arc, changed = net.distance.reshape(-1), net.arc.reshape(-1), net.changed
    nodes, edges, wanted, sent = net.nodes, net.edges, net.wanted, net.sent
    num_changed = net.num_changed[0]
    depth = 0
    nodes[0], wanted[0], sent[0] = steps * size + source, limit, 0
    while True:
        node, missing = nodes[depth], wanted[depth] - sent[depth]
        if missing > 0:
            head, edge, room = next_arc(
                node, steps, size, sink, low, high, distance, arc, left, capacity
            )
            if room > 0:
                edges[depth] = edge
                depth += 1
                nodes[depth], wanted[depth] = head, min(missing, room)
                sent[depth] = wanted[depth] if head < size else 0
                continue
            distance[node] = UNREACHED
        if depth == 0:
            net.num_changed[0] = num_changed
            arrived: int = sent[0]
            return arrived
        amount = sent[depth]
        depth -= 1
        if amount > 0:
            edge = edges[depth]
            if left[edge] == capacity[edge]:
                if num_changed < len(changed):
                    changed[num_changed] = edge
                num_changed += 1
            left[edge] += amount if node > nodes[depth] else -amount
            sent[depth] += amount


@compiled
def next_arc(
    node: int,
    steps: int,
    size: int,
    sink: int,
    low: int,
    high: int,
    distance: Integers,
    arc: Integers,
    left: Integers,
    capacity: Integers,
) -> tuple[int, int, int]:
    """Advance to the next arc to a nearer node; return the node, the edge and its free capacity."""
    level, token = node // size, node % size
    nearer, place = distance[node] - 1, arc[node]
    up = OTHER_TOKENS + high - low
    if level == 1:  # all nodes but the sink are dead ends here
        place = max(place, SINK_TOKEN)
    while place < up:
        lower = low + place - OTHER_TOKENS
        if place < OTHER_TOKENS:
            lower = token if place == OWN_TOKEN else sink
        edge = (node - size) * size + lower
        if distance[node - size - token + lower] == nearer and left[edge] > 0:
            arc[node] = place
            return node - size - token + lower, edge, left[edge]
        place += 1 if level > 1 else high - low + 1
    while place < up + high - low and level < steps - 1:
        upper = low + place - up
        edge = (node - token + upper) * size + token
        if distance[node + size - token + upper] == nearer and left[edge] < capacity[edge]:
            arc[node] = place
            return node + size - token + upper, edge, capacity[edge] - left[edge]
        place += 1
    arc[node] = place
    return node, 0, 0
