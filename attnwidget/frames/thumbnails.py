"""Frames of small pictures of every head of a layer."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from attnwidget.frames.frame import Frame
from attnwidget.frames.pooling import Pooled
from attnwidget.frames.reader import Reader
from attnwidget.frames.visible_rows import VisibleRows
from attnwidget.frames.workspace import Workspace
from attnwidget.methods.progress import Progress
from attnwidget.methods.registry import METHODS
from attnwidget.shared import LIMITS

SIZE = LIMITS["thumbnails"]["cells"]
LARGEST_SIZE = 512


@dataclass(frozen=True)
class ThumbnailsWant:
    """A request for the thumbnails of one layer.

    Attributes
    ----------
    shown
        The rows, of every head if the method has a picture of each.
    size
        Most cells along each side.
    """

    shown: VisibleRows
    size: int = SIZE

    @classmethod
    def read(cls, reader: Reader) -> "ThumbnailsWant":
        """Read the fields of the request."""
        shown = reader.shown(pair_filter=False)
        scores = shown.scores
        if METHODS[scores.method].per_head:
            heads = tuple(range(reader.trace[scores.stream].num_heads))
            shown = replace(shown, scores=replace(scores, heads=heads))
        return cls(shown, reader.amount("size", SIZE, LARGEST_SIZE))

    def to_json(self) -> dict[str, Any]:
        """Return the request as the front end writes it."""
        fields = {"kind": "thumbnails", **self.shown.to_json(), "size": self.size}
        return {
            name: value for name, value in fields.items() if name not in ("heads", "pair_filter")
        }


def thumbnails_frame(
    workspace: Workspace, want: ThumbnailsWant, progress: Progress = None
) -> Frame:
    """Make the frame: ``cells`` (H, r, c) uint8, on a square root scale up to ``top``.

    With n queries and r rows of cells, query i falls into row ``i * r // n``; keys likewise. A cell
    is the largest weight that it covers. ``top`` is the largest weight of the layer, so that its
    heads share one scale.
    """
    heads, queries, keys = want.shown.num_rows(workspace.trace)
    pooled = Pooled(heads, queries, keys, want.size)
    for block in want.shown.blocks(workspace, progress):
        pooled.add(block.queries.start, block.weights.numpy())
    cells = pooled.cells
    top = float(cells.max())
    scaled = np.sqrt(cells / top) if top else cells
    return Frame(
        "thumbnails",
        want.to_json(),
        {"cells": np.rint(255 * scaled).astype(np.uint8)},
        {"top": top},
    )
