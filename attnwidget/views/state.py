"""The state of a widget as plain values."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, TypeAlias

from attnwidget.frames import Run, VisibleRows
from attnwidget.frames.visible_rows import PairFilter
from attnwidget.methods.fusion import Fusion
from attnwidget.methods.named_target import stored_target
from attnwidget.methods.registry import METHODS
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.trace.cut import Cut

HeadColors: TypeAlias = Literal["importance", "weight", "effect", "exact_effect"]
"""What colours the heads of the model view: the importance that was given, if any, their weights
alone, or what the target loses without them, estimated or by a run without each.
"""


@dataclass(frozen=True)
class State:
    """The values of all synced traits; docs/developing/wire-format.md describes each trait."""

    view: str
    stream: str
    layer: int
    heads: list[int] | None
    method: str
    fusion: Fusion
    discard_ratio: float
    target: Mapping[str, Any] | None
    receptive_field: bool
    skip_first: bool
    cuts: list[dict[str, Any]]
    edits: list[dict[str, Any]]
    run: Run
    matrix_mode: str
    compare_with: Mapping[str, Any] | None
    colormap: str
    scale: str
    trace_node: Mapping[str, int] | None
    trace_via: Mapping[str, int] | None
    tokens_selected: list[dict[str, Any]]
    hide_special: bool
    hide_first: bool
    pair_filter: PairFilter
    coverage: float
    thumbnails: str
    head_colors: HeadColors
    theme: str

    @property
    def cuts_on_screen(self) -> tuple[Cut, ...]:
        """The cuts of the run on the screen; none of the run without them."""
        return () if self.run == "before" else tuple(map(Cut.from_json, self.cuts))

    @property
    def is_difference(self) -> bool:
        """True if scores are those of one run minus those of another."""
        return self.run == "difference"

    @property
    def scores(self) -> ScoresOf:
        """The scores on the screen; all heads fused if the method has no picture of each."""
        heads = self.heads if METHODS[self.method].per_head else None
        return ScoresOf(
            self.stream,
            self.layer,
            None if heads is None else tuple(heads),
            self.method,
            self.fusion,
            self.discard_ratio,
            stored_target(self.target),
            self.receptive_field,
            self.skip_first,
            difference=self.is_difference,
        )

    @property
    def shown(self) -> VisibleRows:
        """The rows on the screen: scores with hidden keys."""
        return VisibleRows(self.scores, self.hide_special, self.hide_first, self.pair_filter)

    def in_file(self) -> "State":
        """Return the state of a file that holds the run on the screen alone."""
        return self if self.is_difference else replace(self, run="before")

    def scores_of(self, stream: str, layer: int, method: str) -> ScoresOf:
        """Return the scores of all heads by another method, with the settings of this state."""
        return replace(self.scores, stream=stream, layer=layer, method=method, heads=None)

    def to_json(self) -> dict[str, Any]:
        """Return the values by the names of the traits."""
        return asdict(self)
