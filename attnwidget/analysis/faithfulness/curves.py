"""Deletion and insertion curves of orders of tokens."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

import numpy as np
from numpy.typing import NDArray
from torch import Tensor

from attnwidget.analysis.faithfulness.question import Question
from attnwidget.trace.removal import Removal

Curve: TypeAlias = NDArray[np.float64]
"""(K,) falls of the target, one for each share of the tokens."""


class Curves(NamedTuple):
    """The falls of one order of tokens on one text.

    Attributes
    ----------
    deletion
        The target's fall when the first of the order are deleted, at each share.
    insertion
        The target's fall when only the first of the order are left, at each share.
    """

    deletion: Curve
    insertion: Curve


class Deleter:
    """Runs a model without some tokens, once for each set of them.

    Parameters
    ----------
    question
        The text and its target.
    removal
        How tokens are deleted.
    """

    def __init__(self, question: Question, removal: Removal) -> None:
        self.question = question
        self.removal = removal
        self._values: dict[frozenset[int], float] = {}

    @property
    def runs(self) -> int:
        """Number of runs of the model so far."""
        return len(self._values)

    def run(self, sets: Sequence[frozenset[int]], report: Callable[[int], object]) -> None:
        """Run the model without each of some sets, if it has not been; report the sets done."""
        fresh = [each for each in dict.fromkeys(sets) if each not in self._values]
        spared = len(sets) - len(fresh)
        values = self.question.reruns.values_without(
            self.question.stream.name,
            [tuple(sorted(each)) for each in fresh],
            self.removal,
            self.question.trace.target,
            lambda done: report(spared + done),
        )
        self._values.update(zip(fresh, values.tolist(), strict=True))
        report(len(sets))

    def fall(self, keys: frozenset[int]) -> float:
        """Return how much the target falls without some keys."""
        return self._values[frozenset()] - self._values[keys]


def counts(candidates: int, shares: Sequence[float]) -> list[int]:
    """Return how many of some tokens each share is, at least one and not all of them."""
    return [min(candidates - 1, max(1, round(share * candidates))) for share in shares]


def sets_of(order: Sequence[int], shares: Sequence[float]) -> list[frozenset[int]]:
    """Return the sets that the curves of an order delete: first those of deletion."""
    numbers = counts(len(order), shares)
    deleted = [frozenset(order[:number]) for number in numbers]
    return deleted + [frozenset(order[number:]) for number in numbers]


def curves_of(deleter: Deleter, order: Sequence[int], shares: Sequence[float]) -> Curves:
    """Return the curves of an order whose sets were run."""
    falls = np.array([deleter.fall(keys) for keys in sets_of(order, shares)])
    return Curves(falls[: len(shares)], falls[len(shares) :])


def order_by(
    scores: Tensor, candidates: Sequence[int], generator: np.random.Generator
) -> list[int]:
    """Return keys by falling score, equal ones in random order."""
    values = scores.double().numpy()[list(candidates)]
    chosen = np.lexsort((generator.random(len(values)), -values))
    return [candidates[each] for each in chosen]
