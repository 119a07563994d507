"""The rank that methods give to the true source of a prediction."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import mean

from torch import Tensor

from .examples import Example


@dataclass(frozen=True)
class Ranked:
    """Results of one method on many examples.

    Attributes
    ----------
    first
        Share of the examples in which a true source has the highest score.
    rank
        Mean rank of the best true source; 1 is best.
    """

    first: float
    rank: float


def rank_of_truth(example: Example, scores: Tensor) -> float:
    """Return the rank of the best true source, from 1; among equals the mean of their ranks."""
    best = max(float(scores[i]) for i in example.truth)
    others = [float(scores[i]) for i in example.candidates if i not in example.truth]
    higher = sum(score > best for score in others)
    equal = sum(score == best for score in others)
    return 1 + higher + equal / 2


def summarise(ranks: list[float]) -> Ranked:
    return Ranked(mean(rank == 1 for rank in ranks), mean(ranks))


def by_chance(examples: list[tuple[int, int]]) -> Ranked:
    """Return what a random order does, given each example's (candidates, true sources)."""
    return Ranked(
        mean(true / among for among, true in examples),
        mean((among + 1) / (true + 1) for among, true in examples),
    )
