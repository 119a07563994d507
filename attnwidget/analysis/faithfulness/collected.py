"""The figures of single texts, and the table that they make."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from torch import Tensor

from attnwidget.analysis.faithfulness.curves import Curve, Curves
from attnwidget.analysis.faithfulness.estimate import Estimate, mean_of, rank_of, share_of
from attnwidget.analysis.faithfulness.question import Question
from attnwidget.analysis.faithfulness.ranking import chance, rank_of_truth
from attnwidget.analysis.faithfulness.table import FaithfulnessTable, MethodResult
from attnwidget.trace.removal import Removal

CEILING = "leave-one-out"
"""The row of the exact effect of each token alone."""

RANDOM = "random order"
"""The row of random orders."""


@dataclass
class Collected:
    """The figures of the texts measured so far.

    Attributes
    ----------
    questions, removal, shares, random_orders, confidence
        What is measured, and how.
    curves, ranks
        For each row one entry for each text; of ranks, for each text with a truth.
    random
        For each text the curves of each random order.
    runs
        Number of runs of the model.
    """

    questions: Sequence[Question]
    removal: Removal
    shares: tuple[float, ...]
    random_orders: int
    confidence: float
    curves: dict[str, list[Curves]] = field(default_factory=dict)
    ranks: dict[str, list[float]] = field(default_factory=dict)
    random: list[list[Curves]] = field(default_factory=list)
    runs: int = 0

    def add(
        self,
        question: Question,
        scores: Mapping[str, Tensor],
        curves: Mapping[str, Curves],
        random: list[Curves],
        runs: int,
    ) -> None:
        """Add the figures of one text."""
        for name, each in curves.items():
            self.curves.setdefault(name, []).append(each)
            if question.truth:
                rank = rank_of_truth(question, scores[name])
                self.ranks.setdefault(name, []).append(rank)
        self.random.append(random)
        self.runs += runs

    def table(self, notes: Sequence[str]) -> FaithfulnessTable:
        """Return the table of the methods that scored every text."""
        # (T, R, K): texts, random orders, shares.
        deletion, insertion = (
            np.array([[order[side] for order in text] for text in self.random]) for side in (0, 1)
        )
        chosen = {
            name: each for name, each in self.curves.items() if len(each) == len(self.questions)
        }
        results = {name: self._result(name, each, deletion) for name, each in chosen.items()}
        results[RANDOM] = self._random(deletion, insertion)
        units = {question.unit for question in self.questions}
        return FaithfulnessTable(
            results=results,
            shares=self.shares,
            removal=self.removal,
            unit=units.pop() if len(units) == 1 else "units of the targets",
            num_texts=len(self.questions),
            num_tokens=tuple(len(question.candidates) for question in self.questions),
            runs=self.runs,
            confidence=self.confidence,
            random_deletion=deletion.mean(0),
            random_insertion=insertion.mean(0),
            notes=tuple(notes),
        )

    def _result(self, name: str, curves: list[Curves], random: Curve) -> MethodResult:
        deletion, insertion = (np.array([each[side] for each in curves]) for side in (0, 1))
        per_text = {"comprehensiveness": deletion.mean(1), "sufficiency": insertion.mean(1)}
        ranks = self.ranks.get(name)
        if ranks:
            per_text["rank"] = np.array(ranks)
        return MethodResult(
            deletion=deletion.mean(0),
            insertion=insertion.mean(0),
            comprehensiveness=self._mean(per_text["comprehensiveness"]),
            sufficiency=self._mean(per_text["sufficiency"]),
            over_random=self._mean(per_text["comprehensiveness"] - random.mean((1, 2))),
            first=share_of([rank == 1 for rank in ranks], self.confidence) if ranks else None,
            mean_rank=rank_of(ranks, self.confidence) if ranks else None,
            per_text=per_text,
        )

    def _random(self, deletion: Curve, insertion: Curve) -> MethodResult:
        per_text = {
            "comprehensiveness": deletion.mean((1, 2)),
            "sufficiency": insertion.mean((1, 2)),
        }
        by_chance = [chance(question) for question in self.questions if question.truth]
        first, rank = (
            (
                Estimate(float(np.mean(each)), np.nan, np.nan)
                for each in zip(*by_chance, strict=True)
            )
            if by_chance
            else (None, None)
        )
        return MethodResult(
            deletion=deletion.mean((0, 1)),
            insertion=insertion.mean((0, 1)),
            comprehensiveness=self._mean(per_text["comprehensiveness"]),
            sufficiency=self._mean(per_text["sufficiency"]),
            over_random=Estimate(0.0, np.nan, np.nan),
            first=first,
            mean_rank=rank,
            per_text=per_text,
            spread=float(deletion.mean((0, 2)).std(ddof=1)),
        )

    def _mean(self, values: Curve) -> Estimate:
        return mean_of(values.tolist(), self.confidence)
