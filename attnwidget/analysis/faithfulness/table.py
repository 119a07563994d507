"""The table of how faithful methods are."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from attnwidget.analysis.faithfulness.curves import Curve
from attnwidget.analysis.faithfulness.estimate import Estimate
from attnwidget.analysis.faithfulness.text_table import text_table
from attnwidget.trace.removal import Removal


@dataclass(frozen=True)
class MethodResult:
    """The figures of one method.

    Attributes
    ----------
    deletion
        (K,) mean fall of the target when the best-ranked tokens are deleted, at each share.
    insertion
        (K,) mean fall of the target when only the best-ranked tokens are left, at each share.
    comprehensiveness
        Mean of `deletion` over the shares. Higher is better.
    sufficiency
        Mean of `insertion` over the shares. Lower is better.
    over_random
        Comprehensiveness less that of a random order of the same text: the interval of this
        difference is narrower, because texts differ more than methods.
    first, mean_rank
        The share of texts in which a true source has the highest score, alone, and the mean rank of
        the best true source; None where no truth was given.
    per_text
        ``"comprehensiveness"`` and ``"sufficiency"`` of each text, (T,), and the ``"rank"`` of the
        best true source of each text that has a truth.
    spread
        Of the random order: standard deviation of comprehensiveness between orders, each a mean
        over the texts; None for other rows.
    """

    deletion: Curve
    insertion: Curve
    comprehensiveness: Estimate
    sufficiency: Estimate
    over_random: Estimate
    first: Estimate | None
    mean_rank: Estimate | None
    per_text: dict[str, Curve]
    spread: float | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return all figures as plain data."""
        return {name: _plain(each) for name, each in vars(self).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    if isinstance(value, Estimate):
        return value.to_dict()
    return value.tolist() if isinstance(value, np.ndarray) else value


@dataclass(frozen=True, eq=False, repr=False)
class FaithfulnessTable(Mapping[str, MethodResult]):
    """The figures of every method, by its name: ``table["rollout"].comprehensiveness``.

    Printed, it is a table with confidence intervals. The row `CEILING` is the exact effect of each
    token alone; the row `RANDOM` the mean of several random orders.

    Attributes
    ----------
    results
        The figures by name, the ceiling first and the random order last.
    shares
        (K,) shares of the tokens that are deleted, or left.
    removal
        How tokens were deleted.
    unit
        The unit of falls: ``"nats"`` of log-probabilities, ``"logits"``.
    num_texts
        Number of texts.
    num_tokens
        Tokens of each text that could be deleted.
    runs
        Number of times that the model ran.
    confidence
        Of the intervals.
    random_deletion, random_insertion
        (R, K) curves of each random order, means over the texts.
    notes
        Methods that were left out, and why; what was assumed.
    """

    results: dict[str, MethodResult]
    shares: tuple[float, ...]
    removal: Removal
    unit: str
    num_texts: int
    num_tokens: tuple[int, ...]
    runs: int
    confidence: float
    random_deletion: Curve
    random_insertion: Curve
    notes: tuple[str, ...] = field(default=())

    def __getitem__(self, name: str) -> MethodResult:
        if name not in self.results:
            raise KeyError(f"There is no row {name!r}; the rows are {', '.join(self.results)}.")
        return self.results[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self.results)

    def __len__(self) -> int:
        return len(self.results)

    def to_dict(self) -> dict[str, Any]:
        """Return everything as plain data, for JSON or for a data frame of ``["methods"]``."""
        return {
            "methods": {name: each.to_dict() for name, each in self.results.items()},
            "shares": list(self.shares),
            "removal": self.removal,
            "unit": self.unit,
            "num_texts": self.num_texts,
            "num_tokens": list(self.num_tokens),
            "runs": self.runs,
            "confidence": self.confidence,
            "random_deletion": self.random_deletion.tolist(),
            "random_insertion": self.random_insertion.tolist(),
            "notes": list(self.notes),
        }

    def to_json(self) -> str:
        """Return `to_dict` as JSON."""
        return json.dumps(self.to_dict(), indent=1)

    def __repr__(self) -> str:
        return text_table(self)
