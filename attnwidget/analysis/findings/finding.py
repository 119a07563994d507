"""One head that is worth a look, and a list of them that prints as a table."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal, TypeAlias, get_args

FindingKind: TypeAlias = Literal[
    "effect",
    "contribution",
    "induction",
    "same token",
    "alignment",
    "previous token",
    "next token",
    "delimiter",
    "first token",
]
"""The reason why a head is worth a look."""

KINDS: tuple[FindingKind, ...] = get_args(FindingKind)
"""All kinds, in the order of a list: heads that only feed the first token come last."""


@dataclass(frozen=True)
class Finding:
    """One head, and why it is worth a look.

    Attributes
    ----------
    stream
        Name of the stream.
    layer, head
        Counted from 0.
    kind
        The reason, as a name; `attnwidget.findings` describes the rules.
    score
        Of patterns the gain, at most 1; of effects and contributions the change of the target, in
        its units and signed.
    reason
        The reason in words, with the share of attention or the change.
    query, key
        The strongest connection of this kind, as positions counted from 0.
    query_token, key_token
        Its tokens.
    """

    stream: str
    layer: int
    head: int
    kind: FindingKind
    score: float
    reason: str
    query: int
    key: int
    query_token: str
    key_token: str

    def to_json(self) -> dict[str, Any]:
        """Return the fields as plain data."""
        return asdict(self)


class Findings(tuple[Finding, ...]):
    """Heads that are worth a look: a tuple of `Finding` that prints as a table.

    Parameters
    ----------
    found
        The heads, in the order of `KINDS` and by falling score within a kind.
    notes
        What was left out or looked at in part, in words.
    target
        What effects are of, in words; None without a model.
    """

    notes: tuple[str, ...]
    target: str | None

    def __new__(
        cls, found: Iterable[Finding] = (), notes: Iterable[str] = (), target: str | None = None
    ) -> "Findings":
        """Make the tuple and keep what belongs to all of it."""
        made = super().__new__(cls, found)
        made.notes = tuple(notes)
        made.target = target
        return made

    def __reduce__(self) -> tuple[Any, ...]:
        """Return what a copy is made of."""
        return Findings, (tuple(self), self.notes, self.target)

    def to_json(self) -> dict[str, Any]:
        """Return plain data: the fields of each finding, the notes and the target."""
        return {
            "findings": [each.to_json() for each in self],
            "notes": list(self.notes),
            "target": self.target,
        }

    def __repr__(self) -> str:
        notes = [] if self.target is None else [f"Target: {self.target}"]
        notes += [f"Note: {note}" for note in self.notes]
        if not self:
            return "\n".join(["No head stands out.", *notes])
        headings = ("stream", "layer", "head", "kind", "score", "from", "to", "reason")
        rows = [headings, *map(_cells, self)]
        widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
        lines = ["  ".join(map(str.ljust, row, widths)).rstrip() for row in rows]
        return "\n".join([*lines, *notes])

    __str__ = __repr__


def _cells(found: Finding) -> tuple[str, ...]:
    return (
        found.stream,
        str(found.layer),
        str(found.head),
        found.kind,
        f"{found.score:.3g}",
        f"{found.query} {found.query_token}",
        f"{found.key} {found.key_token}",
        found.reason,
    )
