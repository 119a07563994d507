"""The maximum flow of every pair of two sets of nodes."""

from collections.abc import Sequence

import torch
from torch import Tensor

from attnwidget.methods.flow.cost import check_cost, seconds_per_pair
from attnwidget.methods.flow.network import Network
from attnwidget.methods.flow.solver import Engine, chosen_engine, solver
from attnwidget.methods.progress import Progress, reporting
from attnwidget.methods.steps import Step

MAX_SECONDS = 600.0
"""Longest estimated time in seconds that is accepted by default."""

SECONDS_BETWEEN_REPORTS = 0.1


def pair_flows(
    steps: Sequence[Step],
    sources: Tensor,
    sinks: Tensor,
    *,
    progress: Progress = None,
    engine: Engine | None = None,
    max_seconds: float = MAX_SECONDS,
) -> Tensor:
    """Return the maximum flow from each source to each sink; see `max_flow`.

    Parameters
    ----------
    steps
        Bottom to top, at least one; their rows are the capacities.
    sources, sinks
        (s,) and (t,) int64 nodes, from 0 to N - 1: sources above the last step, sinks below the
        first.
    progress, engine, max_seconds
        As `max_flow` takes them.

    Returns
    -------
    Tensor
        (s, t) float64.

    Raises
    ------
    ImportError, ValueError
        The engine is not available, or the estimate exceeds `max_seconds`.
    """
    used = chosen_engine(engine)
    size = (len(steps), steps[0].num_nodes)
    flows = torch.zeros(len(sources) * len(sinks), dtype=torch.float64, device="cpu")
    check_cost(used, *size, len(flows), max_seconds)

    tops = sources.repeat_interleave(len(sinks)).numpy()
    bottoms = sinks.repeat(len(sources)).numpy()
    chunk = max(1, int(SECONDS_BETWEEN_REPORTS / seconds_per_pair(used, *size)))
    with reporting(progress, len(flows), "max-flow") as report:
        network = solver(Network.of(steps), used)
        for start in range(0, len(flows), chunk):
            some = slice(start, min(start + chunk, len(flows)))
            flows[some] = torch.from_numpy(network.flows(tops[some], bottoms[some]))
            report(some.stop)
    return flows.reshape(len(sources), len(sinks))
