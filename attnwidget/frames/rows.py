"""Frames of rows: the keys that every query attends to, by falling magnitude of their weight."""

from dataclasses import dataclass
from typing import Any

import numpy as np
import torch

from attnwidget.frames.frame import Frame
from attnwidget.frames.halves import as_halves
from attnwidget.frames.reader import Reader
from attnwidget.frames.topk import largest
from attnwidget.frames.visible_rows import VisibleRows
from attnwidget.frames.workspace import Workspace
from attnwidget.methods.progress import Progress
from attnwidget.methods.registry import method_of
from attnwidget.shared import LIMITS
from attnwidget.trace import Trace


@dataclass(frozen=True)
class RowsWant:
    """A request for rows.

    Attributes
    ----------
    shown
        The rows.
    full
        List every key, also of long rows.
    """

    shown: VisibleRows
    full: bool = False

    @classmethod
    def on_screen(cls, shown: VisibleRows, coverage: float, trace: Trace) -> "RowsWant":
        """Return the request of a view that draws lines for `coverage` of each row's mass."""
        heads, queries, keys = shown.num_rows(trace)
        return cls(shown, asks_in_full(coverage, heads * queries, keys))

    @classmethod
    def read(cls, reader: Reader) -> "RowsWant":
        """Read the fields of the request."""
        return cls(reader.shown(), reader.flag("full"))

    def to_json(self) -> dict[str, Any]:
        """Return the request as the front end writes it."""
        return {"kind": "rows", **self.shown.to_json(), "full": self.full}

    def num_listed(self, num_keys: int) -> int:
        """Return the number of keys that are listed for each row."""
        limits = LIMITS["rows"]
        return num_keys if self.full or num_keys <= limits["listed_in_full"] else limits["listed"]

    def nbytes(self, trace: Trace) -> int:
        """Return the approximate bytes of the frame."""
        heads, queries, keys = self.shown.num_rows(trace)
        entry = np.float16().nbytes + _index_dtype(keys).itemsize
        row = self.num_listed(keys) * entry + np.float16().nbytes
        return heads * (queries * row + keys * np.float32().nbytes)


def asks_in_full(coverage: float, num_rows: int, num_keys: int) -> bool:
    """Return whether the head view requests every key of rows too long to be listed in full.

    It does if it draws whole rows, unless they have too many weights. The front end follows the
    same rule (js/state/wants.ts).
    """
    limits = LIMITS["rows"]
    is_long = num_keys > limits["listed_in_full"]
    return coverage >= 1 and is_long and num_rows * num_keys <= limits["most_weights"]


def rows_frame(workspace: Workspace, want: RowsWant, progress: Progress = None) -> Frame:
    """Make the frame.

    Its arrays are ``indices`` and ``weights`` (H', n_q, K), ``rest`` (H', n_q) and ``received``
    (H', n_k).

    Listed magnitudes and ``rest`` together are the mass of the row after hiding and filtering, up
    to the precision of float16 (a relative 2**-11, an absolute 2**-25), both times ``unit``.
    ``received`` is each key's mean weight, with its sign, over the queries that have a row, listed
    or not. ``scale`` is the magnitude to draw at full strength.
    """
    method = method_of(want.shown.scores)
    heads, queries, keys = want.shown.num_rows(workspace.trace)
    listed = want.num_listed(keys)
    indices = np.empty((heads, queries, listed), _index_dtype(keys))
    weights = np.empty((heads, queries, listed), np.float32)
    rest = np.zeros((heads, queries), np.float32)
    received = np.zeros((heads, keys), np.float32)
    attending = np.zeros((heads, 1), np.int64)
    shares = np.empty((heads, queries), np.float32)
    top = 0.0
    for block in want.shown.blocks(workspace, progress):
        rows = block.weights.numpy()
        masses = np.abs(rows) if method.signed else rows
        places, values = largest(masses, listed)
        top = max(top, float(values[..., 0].max()))
        indices[:, block.queries] = places
        if listed < keys:
            rest[:, block.queries] = (masses.sum(-1) - values.sum(-1)).clip(min=0.0)
        weights[:, block.queries] = (
            np.take_along_axis(rows, places, -1) if method.signed else values
        )
        received += rows.sum(1)
        attending += np.count_nonzero(values[..., :1], axis=1)
        shares[:, block.queries] = block.hidden.numpy()
    received /= np.maximum(attending, 1)
    hidden = want.shown.hidden_keys(workspace.trace[want.shown.scores.stream])
    means = torch.from_numpy(shares).nanmean(-1).nan_to_num(0.0)
    (listed_weights, rests), unit = as_halves(weights, rest, bounded=method.bounded)
    return Frame(
        "rows",
        want.to_json(),
        {"indices": indices, "weights": listed_weights, "rest": rests, "received": received},
        {
            "hidden": int(hidden.sum()),
            "hidden_mass": means.tolist(),
            "scale": method.full_scale or top or 1.0,
            "unit": unit,
        },
    )


def _index_dtype(num_keys: int) -> np.dtype[Any]:
    return np.min_scalar_type(max(num_keys - 1, 0))
