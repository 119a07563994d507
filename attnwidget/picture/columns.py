"""The columns of the neuron view."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from attnwidget.frames import Frame
from attnwidget.picture.svg import group, text
from attnwidget.picture.theme import Theme
from attnwidget.picture.words import SMALL, counted, shown_number, shown_percent, width_of

STRIP_WIDTH, NARROWEST_STRIP, WIDEST_CELL = 192.0, 84.0, 10.0
SCORE, SOFTMAX_BAR = 84.0, 110.0
SPACE = 16.0


class ScoreColumn(NamedTuple):
    """A column of scores on their way to the softmax.

    Attributes
    ----------
    name, detail
        Title of the column, in two lines.
    values
        (n_k,) float32.
    right
        Right edge, in pixels.
    """

    name: str
    detail: str
    values: NDArray[np.float32]
    right: float


class Columns(NamedTuple):
    """Left edges of the columns, in pixels; that of the tokens is 0.

    Attributes
    ----------
    keys, products
        Strips of vectors.
    strip
        The width of a strip.
    scores
        Numbers.
    softmax
        Bars and shares.
    width
        Width of all columns.
    """

    keys: float
    products: float
    strip: float
    scores: list[ScoreColumn]
    softmax: float
    width: float


def layout_columns(frame: Frame, token: float) -> Columns:
    """Return the columns of a frame of kind ``neuron`` whose tokens are `token` pixels wide."""
    dimensions = len(np.asarray(frame.arrays["query"]))
    cell = max(NARROWEST_STRIP / dimensions, min(WIDEST_CELL, STRIP_WIDTH / dimensions))
    strip = cell * dimensions
    keys = max(token, width_of("to (key)", SMALL)) + SPACE
    products = keys + strip + SPACE
    explained = {
        "scaled": ("score", f"q·k × {shown_number(frame.fields['scale'])}"),
        "capped": ("soft cap", f"within ±{frame.fields['softcap']}"),
        "bias": ("bias", "added"),
    }
    present = [name for name in explained if name in frame.arrays]
    scores = [
        ScoreColumn(
            *explained[name],
            np.asarray(frame.arrays[name]),
            right=products + strip + SCORE * (place + 1),
        )
        for place, name in enumerate(present)
    ]
    softmax = products + strip + SCORE * len(present) + SPACE
    width = softmax + SOFTMAX_BAR + width_of("< 0.1 %") + 8
    return Columns(keys, products, strip, scores, softmax, width)


def column_titles(columns: Columns, frame: Frame, theme: Theme) -> list[str]:
    """Return the titles of the columns, in two lines from (0, 0)."""
    count, dimensions = np.asarray(frame.arrays["keys"]).shape
    full = shown_percent(float(np.asarray(frame.arrays["weights"]).max()))
    titles = [
        ("to (key)", counted(count, "token"), 0.0, None),
        ("key vector k", counted(dimensions, "dimension"), columns.keys, None),
        ("q × k", "element-wise", columns.products, None),
        *((name, detail, right, "end") for name, detail, _, right in columns.scores),
        ("softmax", f"full bar {full}", columns.softmax, None),
    ]
    names = [
        text(name, x, 12, text_anchor=anchor, font_weight="bold") for name, _, x, anchor in titles
    ]
    details = [
        text(detail, x, 27, text_anchor=anchor, fill=theme.muted) for _, detail, x, anchor in titles
    ]
    return [group(names, font_size=SMALL + 1), group(details, font_size=SMALL)]
