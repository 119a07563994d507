"""Solvers of maximum flows and the choice between them."""

from typing import Literal, Protocol, TypeAlias, get_args

from attnwidget.methods.flow.closed_form import ClosedForm
from attnwidget.methods.flow.network import EdgeFlows, Flows, Network, Nodes
from attnwidget.methods.flow.sparse import SparseSolver

Engine: TypeAlias = Literal["numba", "scipy"]
"""The library that computes flows through more than two steps."""

ENGINES: tuple[Engine, ...] = get_args(Engine)


class Solver(Protocol):
    """A solver of flows through one network, for one thread at a time."""

    def flows(self, sources: Nodes, sinks: Nodes) -> Flows:
        """Return the maximum flow of each pair of a node at the top and one at level 0."""

    def edge_flows(self, source: int, sink: int) -> EdgeFlows:
        """Return one maximum flow from a node at the top to one at level 0."""


def chosen_engine(engine: Engine | None = None) -> Engine:
    """Return the requested engine, or the fastest available one if None.

    Raises
    ------
    ImportError
        Numba is asked for and cannot be imported.
    ValueError
        There is no such engine.
    """
    if engine is not None and engine not in ENGINES:
        raise ValueError(
            f"engine must be one of {', '.join(ENGINES)}, or None for the fastest that is there, "
            f"but {engine!r} was given."
        )
    if engine == "scipy":
        return "scipy"
    try:
        import numba  # noqa: F401
    except ImportError as error:
        if engine is None:
            return "scipy"
        raise ImportError(
            "engine='numba' needs Numba, which cannot be imported: install attnwidget[fast], or "
            "leave engine out to go on with scipy."
        ) from error
    return "numba"


def solver(network: Network, engine: Engine | None = None) -> Solver:
    """Return the solver of a network; see `chosen_engine`."""
    if network.num_steps <= ClosedForm.MOST_STEPS:
        return ClosedForm(network)
    if chosen_engine(engine) == "scipy":
        return SparseSolver(network)
    from attnwidget.methods.flow.compiled import CompiledSolver

    return CompiledSolver(network)
