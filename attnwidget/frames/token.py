"""Frames of one token: its row, what it attends to, or its column, what attends to it."""

from dataclasses import dataclass
from typing import Any, Literal

import torch

from attnwidget.frames.frame import Frame
from attnwidget.frames.reader import Reader
from attnwidget.frames.score_rows import is_ready
from attnwidget.frames.visible_rows import VisibleRows
from attnwidget.frames.workspace import Workspace
from attnwidget.methods.progress import Progress
from attnwidget.trace import Trace

BYTES_PER_VALUE = 4


@dataclass(frozen=True)
class TokenWant:
    """A request for the scores of one token.

    Attributes
    ----------
    shown
        The scores, heads fused, with hidden keys.
    side
        ``"query"`` for the row of a query, ``"key"`` for the column of a key.
    index
        The token, counted from 0.
    """

    shown: VisibleRows
    side: Literal["query", "key"]
    index: int

    @classmethod
    def read(cls, reader: Reader) -> "TokenWant":
        """Read the fields of the request."""
        shown = reader.shown()
        stream = reader.trace[shown.scores.stream]
        side: Literal["query", "key"] = reader.choice("side", ("query", "key"))
        size = len(stream.queries if side == "query" else stream.keys)
        shown = shown.in_one()
        return cls(shown, side, reader.index("index", size))

    def to_json(self) -> dict[str, Any]:
        """Return the request as the front end writes it."""
        return {"kind": "token", **self.shown.to_json(), "side": self.side, "index": self.index}

    def num_values(self, trace: Trace) -> int:
        """Return the number of tokens on the other side."""
        _, queries, keys = self.shown.num_rows(trace)
        return keys if self.side == "query" else queries

    def nbytes(self, trace: Trace) -> int:
        """Return the approximate bytes of the frame."""
        return BYTES_PER_VALUE * self.num_values(trace)

    def is_quick(self, workspace: Workspace) -> bool:
        """Return whether the frame is made at once: a column needs the sums of all rows."""
        if self.side == "query":
            return is_ready(workspace, self.shown.scores)
        return self.shown.is_quick(workspace)


def token_frame(workspace: Workspace, want: TokenWant, progress: Progress = None) -> Frame:
    """Make the frame: ``values`` (n_k,) or, of a key, (n_q,), in float32.

    ``hidden`` is the number of hidden keys, ``hidden_mass`` their share of the row before hiding,
    of a column the mean share of the rows that have any mass.
    """
    shown = want.shown
    stream = workspace.trace[shown.scores.stream]
    if want.side == "query":
        block = shown.rows(workspace, progress, want.index)(slice(want.index, want.index + 1))
        values, shares = block.weights[0, 0], block.hidden
    else:
        blocks = list(_columns(workspace, want, progress))
        values = torch.cat([column for column, _ in blocks])
        shares = torch.cat([share for _, share in blocks])
    mass = float(shares.nanmean().nan_to_num(0.0))
    fields = {"hidden": int(shown.hidden_keys(stream).sum()), "hidden_mass": mass}
    return Frame("token", want.to_json(), {"values": values.contiguous()}, fields)


def _columns(
    workspace: Workspace, want: TokenWant, progress: Progress
) -> list[tuple[torch.Tensor, torch.Tensor]]:
    total = len(workspace.trace[want.shown.scores.stream].queries)
    found = []
    for block in want.shown.blocks(workspace, progress):
        found.append((block.weights[0, :, want.index].clone(), block.hidden[0]))
        if callable(progress):
            progress(block.queries.stop, total)
    return found
