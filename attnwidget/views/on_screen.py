"""The scores of the rows on the screen, and their size."""

import torch
from torch import Tensor

from attnwidget.frames import Workspace
from attnwidget.views.state import State

MOST_TOKENS = 96
"""Most tokens in a column of a small picture, about three screens high."""


def rows_on_screen(workspace: Workspace, state: State) -> Tensor:
    """Return the scores of all rows, (n_q, n_k) if heads are fused, else (H', n_q, n_k)."""
    rows = [block.weights for block in state.shown.blocks(workspace)]
    scores = torch.cat(rows, dim=1)
    return scores[0] if state.shown.scores.fused else scores


def is_short(workspace: Workspace, state: State) -> bool:
    """Return whether a column of tokens fits into a small picture."""
    stream = workspace.trace[state.stream]
    return max(len(stream.queries), len(stream.keys)) <= MOST_TOKENS
