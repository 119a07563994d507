"""How many times the model runs for an analysis."""

from typing import Literal

from attnwidget.methods.counterfactual import counterfactual_pool
from attnwidget.methods.cuts_by import By, chosen_by, cuts_by
from attnwidget.methods.replacements import Replacements
from attnwidget.methods.rerunning import reruns_of
from attnwidget.methods.source import with_target
from attnwidget.trace import Indexer, Target, Trace


def runs_of(
    trace: Trace,
    by: By | Literal["counterfactual"] = "key",
    *,
    target: Target = None,
    layers: Indexer = None,
    stream: str | None = None,
    query: int | None = None,
    draws: int = 8,
    replacements: Replacements = None,
) -> int:
    """Return how many times the model would run, without running it for any of them.

    On top come one run without changes for each new target and, where several runs are made at
    once, three that verify this in each call. Several runs at once take less time than one after
    the other.

    Parameters
    ----------
    trace
        A captured trace.
    by
        ``"key"``, ``"head"`` or ``"edge"``, for `knockout_effects` with ``exact=True``; or
        ``"counterfactual"``.
    target, layers, stream, query, draws, replacements
        As these functions take them.

    Returns
    -------
    int
        The total that their progress reports.

    Raises
    ------
    IndexError, ValueError
        As these functions.
    """
    reruns_of(trace, "runs_of")
    aimed = with_target(trace, target)
    if by == "counterfactual":
        return counterfactual_pool(
            trace,
            draws=draws,
            replacements=replacements,
            seed=0,
            target=aimed.target,
            stream=stream,
        ).runs
    chosen, places, queries = chosen_by(aimed, by, layers, stream, query)
    return sum(1 for _ in cuts_by(by, chosen, places, queries))
