"""Frames of small pictures of every head of a layer."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

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

SIGNED_ZERO, SIGNED_STEPS = 128, 127
"""The byte of zero, and the steps of each sign, of signed methods."""


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
    is the largest weight that it covers, of a signed method the one of largest magnitude, with its
    sign; then 128 is zero, and ``signed`` is true in the header. ``top`` is the largest magnitude
    of the layer, so that its heads share one scale.
    """
    heads, queries, keys = want.shown.num_rows(workspace.trace)
    signed = want.shown.signed
    pooled = Pooled(heads, queries, keys, want.size, magnitude=signed)
    for block in want.shown.blocks(workspace, progress):
        pooled.add(block.queries.start, block.weights.numpy())
    top = float(np.abs(pooled.cells).max())
    codes = encoded(pooled.cells, top, signed=signed)
    return Frame("thumbnails", want.to_json(), {"cells": codes}, {"top": top, "signed": signed})


def encoded(cells: NDArray[np.float32], top: float, *, signed: bool) -> NDArray[np.uint8]:
    """Return the bytes of cells; `decoded` is the inverse, up to the steps of a byte."""
    shares = np.sqrt(np.abs(cells) / top) if top else np.zeros_like(cells)
    codes = SIGNED_ZERO + SIGNED_STEPS * np.copysign(shares, cells) if signed else 255 * shares
    whole: NDArray[np.uint8] = np.rint(codes).astype(np.uint8)
    return whole


def decoded(frame: Frame) -> NDArray[np.float32]:
    """Return the cells of a frame of thumbnails, (H, r, c)."""
    codes = np.asarray(frame.arrays["cells"], np.float32)
    roots = (codes - SIGNED_ZERO) / SIGNED_STEPS if frame.fields["signed"] else codes / 255
    cells: NDArray[np.float32] = np.copysign(np.square(roots), roots)
    return cells * np.float32(frame.fields["top"])
