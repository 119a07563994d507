"""The keywords of a widget beside its named arguments."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, TypedDict

from attnwidget.frames import Run
from attnwidget.frames.visible_rows import PairFilter
from attnwidget.methods.fusion import Fusion
from attnwidget.methods.registry import MethodName
from attnwidget.trace import Array, Target
from attnwidget.trace.cut import Cut
from attnwidget.views import ViewName
from attnwidget.views.state import HeadColors
from attnwidget.widget.selection import MatrixMode, Selection, Theme


class TraitKeywords(TypedDict, total=False):
    """Traits of the selection, and of ipywidgets, as keywords."""

    discard_ratio: float
    target: Target | Mapping[str, Any]
    receptive_field: bool
    skip_first: bool
    cuts: Sequence[Cut | Mapping[str, Any]]
    edits: str | Mapping[Any, Any] | Sequence[Mapping[str, Any]]
    run: Run
    matrix_mode: MatrixMode
    compare_with: Mapping[str, Any] | None
    colormap: Literal["viridis", "blues"]
    scale: Literal["fitted", "unit"]
    trace_node: Mapping[str, int] | None
    trace_via: Mapping[str, int] | None
    tokens_selected: Sequence[Mapping[str, Any]]
    hide_special: bool
    hide_first: bool
    pair_filter: PairFilter
    coverage: float
    thumbnails: Literal["lines", "matrix"]
    head_colors: HeadColors
    theme: Theme
    saved: Literal["page", "picture", "nothing"]
    layout: Any


class WidgetKeywords(TraitKeywords, total=False):
    """Every keyword of a widget beside the names of tokens."""

    view: ViewName
    layer: int
    heads: int | Iterable[int] | None
    method: MethodName
    fusion: Fusion
    stream: str | None
    head_importance: Array | Mapping[str, Array] | None


KEYWORDS = (
    *sorted(Selection.class_trait_names(sync=True)),
    *("head_importance", "key_tokens", "layout", "saved", "tokens"),
)
"""The names of all keywords that the widget takes."""


def check_keywords(keywords: Iterable[str]) -> None:
    """Refuse keywords that the widget does not know.

    Raises
    ------
    TypeError
        There is an unknown keyword; the message names the known ones.
    """
    unknown = [name for name in keywords if name not in KEYWORDS]
    if unknown:
        raise TypeError(
            f"AttentionWidget does not know the keyword {', '.join(map(repr, unknown))}; "
            f"it takes {', '.join(KEYWORDS)}."
        )
