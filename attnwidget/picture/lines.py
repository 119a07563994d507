"""The connections that a head view draws."""

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from attnwidget.frames import Frame
from attnwidget.frames.halves import from_halves
from attnwidget.picture.window import Window
from attnwidget.shared import LIMITS

LINES = LIMITS["head_view"]


class Lines(NamedTuple):
    """Connections, weak ones first.

    Attributes
    ----------
    head, query, key
        Place among the frame's heads, and the tokens.
    weight
        float32, with its sign.
    covering
        Number of connections that hold the share of each row; it may exceed the number drawn.
    """

    head: NDArray[np.int64]
    query: NDArray[np.int64]
    key: NDArray[np.int64]
    weight: NDArray[np.float32]
    covering: int

    def within(self, queries: Window, keys: Window) -> tuple["Lines", int]:
        """Return the lines between tokens of two windows, counted in them, and how many others."""
        stays = (self.query >= queries.first) & (self.query < queries.end)
        stays &= (self.key >= keys.first) & (self.key < keys.end)
        lines = Lines(
            self.head[stays],
            self.query[stays] - queries.first,
            self.key[stays] - keys.first,
            self.weight[stays],
            self.covering,
        )
        return lines, int((~stays).sum())


def collect_lines(
    frame: Frame, coverage: float, pins: list[dict[str, Any]], most: int | None = None
) -> Lines:
    """Return the fewest connections that hold a share of each row, of its magnitudes.

    Parameters
    ----------
    frame
        A frame of kind ``rows``.
    coverage
        The share, in (0, 1].
    pins
        Tokens as ``{"side", "index"}``; only their lines are drawn where there are any.
    most
        Largest number of connections, the strongest; None for the limit of the head view.
    """
    weights = from_halves(frame, "weights")
    masses = np.abs(weights)
    indices = np.asarray(frame.arrays["indices"])
    mass = masses.sum(-1) + from_halves(frame, "rest")
    held = masses.cumsum(-1) - masses
    wanted = masses > 0
    if coverage < 1:
        wanted &= held < ((coverage - LINES["tolerance"]) * mass)[..., None]
    if pins:
        queries = [pin["index"] for pin in pins if pin["side"] == "query"]
        keys = [pin["index"] for pin in pins if pin["side"] == "key"]
        asked = np.isin(np.arange(weights.shape[1]), queries)
        wanted &= asked[None, :, None] | np.isin(indices, keys)
    head, query, entry = np.nonzero(wanted)
    found = weights[head, query, entry]
    order = np.argsort(np.abs(found), kind="stable")[-(most or _most(coverage)) :]
    head, query, entry = head[order], query[order], entry[order]
    key = indices[head, query, entry].astype(np.int64)
    return Lines(head, query, key, found[order], len(found))


def _most(coverage: float) -> int:
    """Return the largest number of lines, which rises with the share of each row."""
    most = LINES["lines"]
    wanted = most * 0.2 / max(1e-6, 1 - coverage)
    return round(min(LINES["lines_in_all"], max(most, wanted)))
