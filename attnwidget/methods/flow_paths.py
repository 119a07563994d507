"""The paths of one maximum flow."""

from collections.abc import Sequence

import torch

from attnwidget.methods.flow.network import EdgeFlows, Network
from attnwidget.methods.flow.solver import Engine, solver
from attnwidget.methods.paths import Paths
from attnwidget.methods.steps import Step
from attnwidget.trace.indexing import resolve_index


def flow_paths(
    steps: Sequence[Step],
    source: int,
    sink: int,
    *,
    level: int | None = None,
    most: int = 4000,
    engine: Engine | None = None,
) -> Paths:
    """Return one maximum flow from a node down to an input.

    If there are several maximum flows, the choice depends on the engine.

    Parameters
    ----------
    steps
        The steps, bottom to top, as `attention_steps` makes them.
    source
        Node of `level`, among the N nodes of the steps; negative ones count from the end.
    sink
        Node of level 0.
    level
        Level of the source, from 0 (the inputs) to ``len(steps)``; None is the top.
    most
        Most edges to return, the strongest of all steps.
    engine
        As `max_flow` takes it.

    Returns
    -------
    Paths
        `shares` and `share` are the flow through each node and along each edge. `total` is the
        maximum flow, which is also the share of the source and of the sink.

    Raises
    ------
    ImportError
        `engine` is ``"numba"``, which cannot be imported.
    IndexError
        A level or node is out of range.
    ValueError
        There are no steps or no such engine, or `most` is negative.
    """
    if not steps:
        raise ValueError("steps is empty; pass the steps of at least one layer.")
    if most < 0:
        raise ValueError(f"most must not be negative, but {most} was given.")
    num_nodes = steps[0].num_nodes
    start = len(steps) if level is None else resolve_index(level, len(steps) + 1, "level")
    source = resolve_index(source, num_nodes, "source")
    sink = resolve_index(sink, num_nodes, "sink")
    shares = torch.zeros(len(steps) + 1, num_nodes, dtype=torch.float64, device="cpu")
    if start == 0:
        found = EdgeFlows.none()
        shares[0, sink] = float(source == sink)
    else:
        found = solver(Network.of(steps[:start]), engine).edge_flows(source, sink)
    step, upper, lower, flow = (torch.from_numpy(column) for column in found)
    shares.index_put_((step + 1, upper), flow, accumulate=True)
    total = float(flow[step == 0].sum()) if start else float(shares[0, sink])
    shares[0, sink] = total
    order = flow.argsort(descending=True, stable=True)[:most]
    return Paths(
        shares.float(),
        step[order].int(),
        upper[order].int(),
        lower[order].int(),
        flow[order].float(),
        total,
    )
