"""Visible rows: scores with keys hidden, rows renormalised and sentence pairs filtered."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Literal, NamedTuple, TypeAlias, get_args

import torch
from torch import Tensor

from attnwidget.frames.score_rows import is_ready, rows_of
from attnwidget.frames.workspace import Workspace
from attnwidget.methods.progress import Progress
from attnwidget.methods.registry import method_of
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.shared import LIMITS
from attnwidget.trace import Stream, Tokens, Trace

PairFilter: TypeAlias = Literal["all", "aa", "ab", "ba", "bb"]
"""The text of the queries and the text of the keys in a sentence pair, one letter each."""

PAIR_FILTERS: tuple[PairFilter, ...] = get_args(PairFilter)

BLOCK_ELEMENTS = 1 << 20
"""Most scores in memory at a time: 4 MB in float32."""


class Block(NamedTuple):
    """A block of rows.

    Attributes
    ----------
    queries
        The queries of the block.
    weights
        (H', n_q, n_k) float32: zero for keys that are hidden or filtered out.
    hidden
        (H', n_q) share of each row's mass on hidden keys before renormalising; NaN for rows that
        have no mass or that the filter leaves out. The mass of signed scores is that of their
        magnitudes.
    """

    queries: slice
    weights: Tensor
    hidden: Tensor


@dataclass(frozen=True)
class VisibleRows:
    """Rows of scores with hidden keys and a filter of sentence pairs.

    Attributes
    ----------
    scores
        The scores before hiding and filtering.
    hide_special, hide_first
        Hide special tokens, or the first token, as keys. The rest of a row is scaled to the mass of
        the whole row; a row without a rest is all zero. Signed scores are no shares of a row, so
        what is left of them is not scaled.
    pair_filter
        Keep only one block of a sentence pair, without scaling.
    """

    scores: ScoresOf
    hide_special: bool = False
    hide_first: bool = False
    pair_filter: PairFilter = "all"

    @property
    def signed(self) -> bool:
        """True if scores may be negative."""
        return method_of(self.scores).signed

    def in_one(self) -> "VisibleRows":
        """Return the same rows with the named heads fused."""
        return replace(self, scores=self.scores.in_one())

    def hidden_keys(self, stream: Stream) -> Tensor:
        """Return a mask of the hidden keys, (n_k,) bool."""
        hidden = torch.zeros(len(stream.keys), dtype=torch.bool)
        if self.hide_special:
            hidden |= torch.tensor(stream.keys.special)
        if self.hide_first:
            hidden[0] = True
        return hidden

    def num_rows(self, trace: Trace) -> tuple[int, int, int]:
        """Return the shape (H', n_q, n_k) of all rows together."""
        stream = trace[self.scores.stream]
        heads = 1 if self.scores.fused else self.scores.num_heads(stream)
        return heads, len(stream.queries), len(stream.keys)

    def is_quick(self, workspace: Workspace) -> bool:
        """Return whether all rows are made at once: nothing slow comes first, and they are few."""
        stream = workspace.trace[self.scores.stream]
        per_head = len(stream.queries) * len(stream.keys)
        few = self.scores.num_heads(stream) * per_head <= LIMITS["requests"]["quick_weights"]
        return few and is_ready(workspace, self.scores)

    def to_json(self) -> dict[str, Any]:
        """Return the fields of a request that identify the rows."""
        return self.scores.to_json() | {
            "hide_special": self.hide_special,
            "hide_first": self.hide_first,
            "pair_filter": self.pair_filter,
        }

    def rows(
        self, workspace: Workspace, progress: Progress = None, only: int | None = None
    ) -> Callable[[slice], Block]:
        """Return a function that makes rows of a range of queries; all slow work happens first.

        With `only`, no other row than that of this query will be asked for.
        """
        stream = workspace.trace[self.scores.stream]
        scores = rows_of(workspace, self.scores, progress, only)
        hidden = self.hidden_keys(stream)
        asked, answered = self._filtered(stream)
        hide = _hide_signed if self.signed else _hide

        def rows(queries: slice) -> Block:
            weights = scores(queries)
            share = hide(weights, hidden)
            if self.pair_filter != "all":
                weights *= asked[queries, None] & answered
                share[:, ~asked[queries]] = torch.nan
            return Block(queries, weights, share)

        return rows

    def blocks(self, workspace: Workspace, progress: Progress = None) -> Iterator[Block]:
        """Yield the rows in blocks of bounded size, in the order of the queries.

        `progress` follows what is slow before the rows or, if there is nothing, the rows.
        """
        stream = workspace.trace[self.scores.stream]
        count = len(stream.queries)
        follows_rows = callable(progress) and is_ready(workspace, self.scores)
        rows = self.rows(workspace, progress)
        size = max(1, BLOCK_ELEMENTS // (self.scores.num_heads(stream) * len(stream.keys)))
        for start in range(0, count, size):
            if follows_rows and callable(progress):
                progress(start, count)
            yield rows(slice(start, min(start + size, count)))

    def _filtered(self, stream: Stream) -> tuple[Tensor, Tensor]:
        if self.pair_filter == "all":
            return torch.ones(len(stream.queries)).bool(), torch.ones(len(stream.keys)).bool()
        start, end = self.pair_filter
        return _in_text(stream.queries, start), _in_text(stream.keys, end)


def _hide(weights: Tensor, hidden: Tensor) -> Tensor:
    """Zero hidden keys in place, scale each row to the mass it had, and return their share."""
    total = weights.sum(-1)
    weights[..., hidden] = 0.0
    if not hidden.any():
        return torch.zeros_like(total).masked_fill_(total == 0, torch.nan)
    kept = weights.sum(-1)
    weights.div_(kept.masked_fill(kept == 0, 1.0)[..., None]).mul_(total[..., None])
    return (1.0 - kept / total).clamp_(min=0.0)


def _hide_signed(scores: Tensor, hidden: Tensor) -> Tensor:
    """Zero hidden keys in place and return their share of each row's magnitudes."""
    masses = scores.abs()
    share = masses[..., hidden].sum(-1) / masses.sum(-1)  # NaN for a row of zeros
    scores[..., hidden] = 0.0
    return share


def _in_text(tokens: Tokens, letter: str) -> Tensor:
    return torch.tensor(tokens.segments) == "ab".index(letter)
