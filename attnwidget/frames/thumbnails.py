"""Frames of small pictures of every head of a layer."""

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
from numpy.typing import NDArray

from attnwidget.frames.frame import Frame
from attnwidget.frames.reader import Reader
from attnwidget.frames.scores import METHODS, ScoresOf
from attnwidget.frames.shown import Shown
from attnwidget.trace import Trace

SIZE = 48
LARGEST_SIZE = 512

Cells: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True)
class ThumbnailsWant:
    """A request for the thumbnails of one layer.

    Attributes
    ----------
    shown
        Which rows, of every head.
    size
        Cells along each side, at most.
    """

    shown: Shown
    size: int = SIZE

    @classmethod
    def read(cls, reader: Reader) -> "ThumbnailsWant":
        """Take the fields of the request."""
        stream = reader.stream()
        scores = ScoresOf(
            stream.name,
            reader.index("layer", stream.num_layers),
            tuple(range(stream.num_heads)),
            reader.choice("method", tuple(METHODS)),
            "mean",
        )
        shown = Shown(scores, reader.flag("hide_special"), reader.flag("hide_first"))
        return cls(shown, reader.amount("size", SIZE, LARGEST_SIZE))

    def to_json(self) -> dict[str, Any]:
        """Return the request as the front end writes it."""
        return {
            "kind": "thumbnails",
            "stream": self.shown.scores.stream,
            "layer": self.shown.scores.layer,
            "method": self.shown.scores.method,
            "hide_special": self.shown.hide_special,
            "hide_first": self.shown.hide_first,
            "size": self.size,
        }


def thumbnails_frame(trace: Trace, want: ThumbnailsWant) -> Frame:
    """Make the frame: ``cells`` (H, r, c) uint8, on a square root scale up to ``top``.

    With n queries and r rows of cells, query i falls into row ``i * r // n``; keys likewise. A cell
    is the largest weight in it, and ``top`` is the largest of the layer: one scale for its heads.
    """
    heads, queries, keys = want.shown.num_rows(trace)
    rows, columns = min(want.size, queries), min(want.size, keys)
    cells = np.zeros((heads, rows, columns), np.float32)
    row_of = np.arange(queries) * rows // queries
    key_starts = _starts(np.arange(keys) * columns // keys)
    for block in want.shown.blocks(trace):
        pooled: Cells = np.maximum.reduceat(block.weights.numpy(), key_starts, axis=2)
        touched = row_of[block.queries]
        pooled = np.maximum.reduceat(pooled, _starts(touched), axis=1)
        part = cells[:, touched[0] : touched[-1] + 1]
        np.maximum(part, pooled, out=part)
    top = float(cells.max())
    scaled = np.sqrt(cells / top) if top else cells
    return Frame(
        "thumbnails",
        want.to_json(),
        {"cells": np.rint(255 * scaled).astype(np.uint8)},
        {"top": top},
    )


def _starts(groups: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return where each run of equal numbers begins."""
    return np.flatnonzero(np.diff(groups, prepend=-1))
