"""A head that may be worth a look, before its strongest connection is looked for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeAlias

from torch import Tensor

from attnwidget.analysis.findings.finding import Finding, FindingKind
from attnwidget.trace import Stream

Connection: TypeAlias = tuple[int, int]
"""The positions of a query and a key."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """One head, and why it may be worth a look.

    Attributes
    ----------
    stream
        Its stream.
    layer, head
        Counted from 0.
    kind, score, reason
        As of a `Finding`.
    strongest
        Returns the strongest connection of this kind.
    """

    stream: Stream
    layer: int
    head: int
    kind: FindingKind
    score: float
    reason: str
    strongest: Callable[[], Connection]

    @property
    def place(self) -> tuple[str, int, int]:
        """The head."""
        return self.stream.name, self.layer, self.head

    def finding(self) -> Finding:
        """Return the finding, with its strongest connection."""
        query, key = self.strongest()
        return Finding(
            stream=self.stream.name,
            layer=self.layer,
            head=self.head,
            kind=self.kind,
            score=self.score,
            reason=self.reason,
            query=query,
            key=key,
            query_token=self.stream.queries.text[query],
            key_token=self.stream.keys.text[key],
        )


class Largest:
    """The largest number of blocks of rows, and where it stands."""

    def __init__(self) -> None:
        self._value = float("-inf")
        self.place: Connection = (0, 0)

    def add(self, values: Tensor, rows: list[int]) -> None:
        """Add values (m, n_k) of some queries."""
        at = int(values.argmax())
        row, key = divmod(at, values.shape[1])
        value = float(values[row, key])
        if value > self._value:
            self._value, self.place = value, (rows[row], key)
