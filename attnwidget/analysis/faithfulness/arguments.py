"""Checks of what a user passes to `faithfulness`."""

from collections.abc import Iterable, Sequence
from typing import cast

from attnwidget.analysis.faithfulness.question import Question, Truth
from attnwidget.trace import Trace
from attnwidget.trace.removal import REMOVALS, Removal


def check_numbers(shares: Sequence[float], random_orders: int, confidence: float) -> None:
    """Check the numbers that a user passes.

    Raises
    ------
    ValueError
        One of them is outside of its range.
    """
    if not len(shares) or not all(0 < each < 1 for each in shares):
        raise ValueError(
            f"shares must be numbers above 0 and below 1, at least one, but {shares!r} was given. "
            "All tokens, or none, have no order."
        )
    if list(shares) != sorted(set(shares)):
        raise ValueError(f"shares must rise, but {list(shares)} was given. Sort them.")
    if isinstance(random_orders, bool) or not isinstance(random_orders, int) or random_orders < 2:
        raise ValueError(
            f"random_orders must be 2 or a larger number, but {random_orders!r} was given: the "
            "spread between fewer is unknown."
        )
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must be above 0 and below 1, but {confidence!r} was given.")


def truths_for(truth: object, traces: object, count: int) -> list[Truth]:
    """Return the true sources of each trace.

    Raises
    ------
    ValueError
        They are not as many as the traces.
    """
    if truth is None:
        return [None] * count
    if isinstance(traces, Trace):
        return [cast("Truth", truth)]
    listed = list(truth) if isinstance(truth, Iterable) else None
    if listed is None or len(listed) != count:
        given = "a single number" if listed is None else f"{len(listed)} entries"
        raise ValueError(
            f"truth must have one entry for each of the {count} traces, but {given} was given. "
            "Each entry is an index, several indices, or None."
        )
    return listed


def removal_for(questions: Sequence[Question], removal: Removal | None) -> Removal:
    """Return how tokens are deleted, after a check that cut tokens are gone.

    Raises
    ------
    ValueError
        There is no such way, or it was asked for ``"cut"`` and something of the tokens arrives.
    """
    if removal is not None and removal not in REMOVALS:
        listed = ", ".join(REMOVALS)
        raise ValueError(f"removal must be None or one of {listed}, but {removal!r} was given.")
    if removal not in (None, "cut"):
        return removal
    try:
        for question in questions:
            name, target = question.stream.name, question.trace.target
            question.reruns.check_removal_by_cut(name, question.candidates, target)
    except ValueError:
        if removal is not None:
            raise
        return "remove"
    return "cut"
