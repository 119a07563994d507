"""Estimates of the time that maximum flows take."""

import math

from attnwidget.methods.flow.closed_form import ClosedForm
from attnwidget.methods.flow.solver import Engine


def seconds_per_pair(engine: Engine, num_steps: int, num_nodes: int) -> float:
    """Return roughly how long one maximum flow takes, in seconds of one core.

    Fitted to the attention of trained encoders, 6 to 24 layers and 32 to 512 tokens.
    """
    if num_steps <= ClosedForm.MOST_STEPS:
        return 5e-9 * num_nodes
    if engine == "scipy":
        return 1e-4 + 1e-7 * num_steps * num_nodes**2
    return 2e-7 * math.pow(num_nodes, 1.5)


def check_cost(
    engine: Engine, num_steps: int, num_nodes: int, num_pairs: int, max_seconds: float
) -> None:
    """Raise ValueError if `num_pairs` flows would take longer than `max_seconds`."""
    each = seconds_per_pair(engine, num_steps, num_nodes)
    if num_pairs * each <= max_seconds:
        return
    faster = " Numba makes it many times faster: install attnwidget[fast]."
    raise ValueError(
        f"The maximum flows of {num_pairs:,} pairs of {num_nodes:,} nodes through {num_steps} "
        f"levels would take about {_duration(num_pairs * each)} with {engine}, more than the "
        f"{_duration(max_seconds)} of max_seconds. Pass sources= or sinks= to have some of them "
        f"(those from one source take about {_duration(num_nodes * each)}), or "
        "max_seconds=float('inf') to go on." + (faster if engine == "scipy" else "")
    )


def _duration(seconds: float) -> str:
    for unit, size in (("hours", 3600.0), ("minutes", 60.0), ("seconds", 1.0)):
        if seconds >= 2 * size:
            return f"{seconds / size:,.0f} {unit}"
    return f"{seconds:.2g} seconds"
