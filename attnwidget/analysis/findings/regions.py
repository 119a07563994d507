"""The keys that each kind of pattern is about."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from attnwidget.analysis.findings.finding import FindingKind
from attnwidget.trace import Stream, Tokens


@dataclass(frozen=True)
class Pairs:
    """What is known of the tokens of a stream.

    Attributes
    ----------
    is_square
        Whether queries and keys are the same tokens.
    queries, keys
        (n_q,) and (n_k,) int64: equal numbers are equal tokens. Delimiters have -1 and -2, so that
        they equal no other token.
    delimiters
        (n_k,) bool, the keys that are delimiters.
    """

    is_square: bool
    queries: Tensor
    keys: Tensor
    delimiters: Tensor

    @classmethod
    def of(cls, stream: Stream) -> "Pairs":
        """Read the tokens of a stream."""
        numbers: dict[str, int] = {}
        for piece in (*stream.queries.raw, *stream.keys.raw):
            numbers.setdefault(piece, len(numbers))
        queries, keys = (
            torch.tensor([numbers[piece] for piece in tokens.raw], device="cpu").masked_fill(
                delimiters(tokens), none
            )
            for tokens, none in ((stream.queries, -1), (stream.keys, -2))
        )
        is_square = stream.name != "cross" and stream.queries == stream.keys
        return cls(is_square, queries, keys, delimiters(stream.keys))


def delimiters(tokens: Tokens) -> Tensor:
    """Return (n,) bool: special tokens, and those without a letter or a digit.

    The latter are the text itself, and no delimiters, where they are more than half of it.
    """
    special = torch.tensor(tokens.special, device="cpu")
    bare = [not any(character.isalnum() for character in text) for text in tokens.text]
    marks = torch.tensor(bare, device="cpu") & ~special
    return special if 2 * marks.sum() > (~special).sum() else special | marks


def _previous(pairs: Pairs, rows: Tensor) -> Tensor:
    return _columns(pairs) == rows[:, None] - 1


def _next(pairs: Pairs, rows: Tensor) -> Tensor:
    return _columns(pairs) == rows[:, None] + 1


def _same(pairs: Pairs, rows: Tensor) -> Tensor:
    same = pairs.queries[rows][:, None] == pairs.keys
    return same & ~_previous(pairs, rows) if pairs.is_square else same


def _induction(pairs: Pairs, rows: Tensor) -> Tensor:
    earlier = (pairs.queries[rows][:, None] == pairs.keys) & (_columns(pairs) < rows[:, None])
    followed = torch.zeros_like(earlier)
    followed[:, 1:] = earlier[:, :-1]
    return followed & ~_previous(pairs, rows)


def _delimiter(pairs: Pairs, rows: Tensor) -> Tensor:
    return pairs.delimiters.expand(len(rows), -1)


def _first(pairs: Pairs, rows: Tensor) -> Tensor:
    return (_columns(pairs) == 0).expand(len(rows), -1)


def _columns(pairs: Pairs) -> Tensor:
    return torch.arange(len(pairs.keys), device="cpu")


Region = Callable[[Pairs, Tensor], Tensor]

ANYWHERE: dict[FindingKind, Region] = {
    "same token": _same,
    "delimiter": _delimiter,
    "first token": _first,
}
"""The kinds of streams whose queries and keys are different tokens, too."""

AMONG_THEMSELVES: dict[FindingKind, Region] = {
    "induction": _induction,
    "previous token": _previous,
    "next token": _next,
}
"""The kinds that compare positions."""


def kinds_of(pairs: Pairs) -> tuple[FindingKind, ...]:
    """Return the kinds that a stream can have."""
    return tuple(ANYWHERE | AMONG_THEMSELVES if pairs.is_square else ANYWHERE)


def regions(pairs: Pairs, rows: Tensor) -> Mapping[FindingKind, Tensor]:
    """Return for each kind the keys that it is about, (m, n_k) bool for m queries.

    A token itself belongs to no kind, and the first one only to the kind of this name.
    """
    columns = _columns(pairs)
    others = columns > 0
    kinds = ANYWHERE
    if pairs.is_square:
        others = others & (columns != rows[:, None])
        kinds = kinds | AMONG_THEMSELVES
    found = {kind: region(pairs, rows) for kind, region in kinds.items()}
    first = found["first token"] & ((rows[:, None] > 0) | torch.tensor(not pairs.is_square))
    return {kind: region & others for kind, region in found.items()} | {"first token": first}
