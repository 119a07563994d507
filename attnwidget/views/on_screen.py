"""The scores of the rows on the screen, their request and their size."""

from typing import Any, Protocol

import torch
from torch import Tensor

from attnwidget.frames import RowsWant, VisibleRows, Workspace
from attnwidget.trace import Trace
from attnwidget.views.state import State

MOST_TOKENS = 96
"""Most tokens in a column of a small picture, about three screens high."""


class FirstWant(Protocol):
    """A request for scores that says how many bytes its frame has."""

    @property
    def shown(self) -> VisibleRows:
        """The scores, with hidden keys."""

    def nbytes(self, trace: Trace) -> int:
        """Return the approximate bytes of the frame."""

    def to_json(self) -> dict[str, Any]:
        """Return the request as the front end writes it."""


def rows_want(trace: Trace, state: State) -> RowsWant:
    """Return the request for all rows on the screen."""
    return RowsWant.on_screen(state.shown, state.coverage, trace)


def rows_on_screen(workspace: Workspace, state: State) -> Tensor:
    """Return the scores of all rows, (n_q, n_k) if heads are fused, else (H', n_q, n_k)."""
    rows = [block.weights for block in state.shown.blocks(workspace)]
    scores = torch.cat(rows, dim=1)
    return scores[0] if state.shown.scores.fused else scores


def is_short(workspace: Workspace, state: State) -> bool:
    """Return whether a column of tokens fits into a small picture."""
    stream = workspace.trace[state.stream]
    return max(len(stream.queries), len(stream.keys)) <= MOST_TOKENS
