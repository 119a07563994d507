"""Constants that Python and the front end share: colours, limits and defaults of traits.

The JSON files of this folder hold them. Python reads the files from the package, and the front
end's bundle is built with the same files.
"""

import json
from importlib.resources import files
from typing import Any, Literal, TypedDict

Scheme = Literal["light", "dark"]

Lch = list[float]
"""Lightness, chroma and hue in OKLCh."""


class Signs(TypedDict):
    """Colours of positive and negative values, as ``#rrggbb``."""

    positive: str
    negative: str


class Colors(TypedDict):
    """Colours as ``#rrggbb``, by scheme where they depend on it.

    Attributes
    ----------
    colormaps
        Anchors at even distances, by name and scheme; ``signed`` has zero in the middle.
    viridis
        Every eighth of the 256 colours of viridis (Smith, van der Walt and Firing 2015, CC0).
    heads
        The palette of heads.
    dashes
        Line patterns, in pixels: one for each time the palette has been used up.
    accent
        Colour of what is selected, and of all heads fused.
    signs
        Colours of bars.
    cell_text
        Text on light cells (``dark``) and on dark cells (``light``).
    themes
        The remaining colours of the page. The style sheet has them as ``--aw-`` and the name.
    """

    colormaps: dict[str, dict[Scheme, list[Lch]]]
    viridis: list[str]
    heads: dict[Scheme, list[str]]
    dashes: list[list[float]]
    accent: dict[Scheme, str]
    signs: dict[Scheme, Signs]
    cell_text: dict[Scheme, str]
    themes: dict[Scheme, dict[str, str]]


class RowLimits(TypedDict):
    """Limits of a frame of rows.

    Attributes
    ----------
    listed_in_full
        Rows of up to this many keys list every key.
    listed
        Longer rows list this many keys.
    most_weights
        Where the selection covers the whole row, longer rows list every key too if the frame then
        holds at most this many weights.
    """

    listed_in_full: int
    listed: int
    most_weights: int


class ThumbnailLimits(TypedDict):
    """Cells along each side of a thumbnail, at most."""

    cells: int


class MatrixLimits(TypedDict):
    """Strongest connections that are listed beside a matrix, at most."""

    strongest: int


class PathLimits(TypedDict):
    """Edges of a frame of paths, at most."""

    edges: int


class FileScores(TypedDict):
    """The codes of scores in exported files; `attnwidget.frames.files.scores` gives the formula."""

    levels: int
    fine: int
    floor: float


class HeadViewLimits(TypedDict):
    """Limits of the head view.

    Attributes
    ----------
    lines
        Lines that are drawn for up to 80 % of each row, at most.
    lines_in_all
        Lines that are drawn for whole rows, at most.
    tolerance
        A share of a row counts as reached if it misses by less: weights come with 11 bits.
    """

    lines: int
    lines_in_all: int
    tolerance: float


class ModelViewLimits(TypedDict):
    """Limits of the model view.

    Attributes
    ----------
    weakest_line
        Lines weaker than this share of the row's strongest are left out.
    ink_on_ground
        Largest opacity of ink on a coloured ground.
    """

    weakest_line: float
    ink_on_ground: float


class NeuronViewLimits(TypedDict):
    """Limits of the neuron view.

    Attributes
    ----------
    percentile
        Share of the values that colours tell apart; the largest values have the full colour.
    masked_opacity
        Opacity of keys that the mask forbids.
    """

    percentile: float
    masked_opacity: float


class TraceViewLimits(TypedDict):
    """Limits of the trace view.

    Attributes
    ----------
    negligible
        Nodes with a smaller share of everything are drawn as empty.
    tolerance
        A share of a step counts as reached if it misses by less: shares are sums in float32.
    """

    negligible: float
    tolerance: float


class RequestLimits(TypedDict):
    """Limits of requests for frames.

    Attributes
    ----------
    quick_weights
        Most weights, of all heads that are computed, that the kernel makes at once.
    """

    quick_weights: int


class Limits(TypedDict):
    """Limits of frames and of views."""

    requests: RequestLimits
    rows: RowLimits
    thumbnails: ThumbnailLimits
    matrix: MatrixLimits
    paths: PathLimits
    file_scores: FileScores
    head_view: HeadViewLimits
    model_view: ModelViewLimits
    neuron_view: NeuronViewLimits
    trace_view: TraceViewLimits


def _read(name: str) -> Any:
    return json.loads(files(__name__).joinpath(name).read_text("utf-8"))


COLORS: Colors = _read("colors.json")
"""Colours of pictures, of the page and of its themes."""

LIMITS: Limits = _read("limits.json")
"""Limits of frames and of views."""

TRAIT_DEFAULTS: dict[str, Any] = _read("traits.json")
"""Defaults of the synced traits that make up the selection, but for the name of the stream."""
