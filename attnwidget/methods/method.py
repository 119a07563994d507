"""The `Method` row: everything that the rest of the project needs to know about a method."""

import math
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from torch import Tensor

from attnwidget.methods.needs import Need
from attnwidget.methods.progress import Progress
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.methods.settings import Setting
from attnwidget.methods.steps import Step
from attnwidget.trace import Stream, Trace

RowsOf: TypeAlias = Callable[[slice], Tensor]
"""A function from a range of queries to their scores, (H', n_q, n_k) float32, which the caller may
overwrite. H' is 1 if heads are fused.
"""


@dataclass(frozen=True, kw_only=True)
class Method:
    """One method; docs/developing/add-a-method.md shows how to write one.

    A method has either `head_rows`, or scores through all layers up to the selected one: the
    product of its `steps`, or `matrix` if the scores are not that product. Methods with `head_rows`
    may have `steps` too, for paths through layers.

    Attributes
    ----------
    name
        The value of the ``method`` trait, such as ``"max_flow"``.
    title
        The name in a sentence, such as ``"max-flow"``.
    question
        The question that the method answers, one sentence in plain words.
    values
        The name of one value of its matrices, such as ``"weight"``; the title if empty.
    head_rows
        Returns a function that makes the rows of the requested heads. Everything slow happens
        before that function is returned.
    steps
        Returns the steps through all layers of a stream, bottom to top.
    matrix
        Returns the scores of the requested layer, (n_outputs, n_nodes), and reports progress.
    is_ready
        Returns whether `head_rows` returns at once, because slow work is done already.
    needs
        The conditions that a trace and a stream must meet.
    settings
        The settings that change the scores, beside the fusion of heads.
    own_fusion
        The method's own rule to fuse heads, in words; None if the user chooses one.
    signed
        Whether scores may be negative. Everything that shows them then diverges around zero, and
        chooses, pools and covers by magnitude.
    signs
        Of a signed method, what a score above zero and one below zero do, such as ``("raises the
        target", "lowers the target")``: ``" by "`` and the size may follow.
    full_scale
        The value that views draw at full strength; None for the largest score.
    quick_up_to
        The number of weights of a stream, over all layers and heads, up to which all scores take
        some hundredths of a second; infinity if they are read from the captured tensors.
    followed_by
        The name of the method whose steps the paths through layers follow instead; None if they
        follow the method's own steps.
    rather_followed_by
        The method whose steps are followed in place of `followed_by` where the stream allows it.
    compared_with
        The name of the method that a comparison opens with; None for the default method.
    is_flow
        Whether paths are maximum flows, which only a kernel can compute, instead of products.
    steps_are_shares
        Whether the rows of `steps` sum to 1.
    evolves
        Whether the matrix view uses this method to show a matrix for every layer.
    is_attention
        Whether scores are the attention weights, which the statistics of heads describe.
    shows_finding
        The kind of `attnwidget.findings` that opens with this method; all others open with the
        default one.
    is_part_of_logit
        Whether scores are parts of a logit, whose other parts a chart shows.
    is_of_cuts
        Whether scores say what cutting would change, so that what supports the target is below 0.
    is_difference
        Whether scores are changes from one run to another; `steps` are those of one run.
    """

    name: str
    title: str
    question: str
    values: str = ""
    head_rows: Callable[[Trace, ScoresOf], RowsOf] | None = None
    steps: Callable[[Trace, ScoresOf], list[Step]] | None = None
    matrix: Callable[[Trace, ScoresOf, Progress], Tensor] | None = None
    is_ready: Callable[[Trace, ScoresOf], bool] = field(default=lambda _trace, _scores: True)
    needs: tuple[Need, ...] = ()
    settings: tuple[Setting, ...] = ()
    own_fusion: str | None = None
    signed: bool = False
    signs: tuple[str, str] = ("raises the target", "lowers the target")
    full_scale: float | None = None
    quick_up_to: float = 0
    followed_by: str | None = None
    rather_followed_by: str | None = None
    compared_with: str | None = None
    is_flow: bool = False
    steps_are_shares: bool = False
    evolves: bool = False
    is_attention: bool = False
    shows_finding: str | None = None
    is_part_of_logit: bool = False
    is_of_cuts: bool = False
    is_difference: bool = False

    def __post_init__(self) -> None:
        if self.head_rows is None and self.steps is None and self.matrix is None:
            raise ValueError(
                f"The method {self.name!r} has no scores: give it head_rows, steps or matrix."
            )
        if self.steps is None and self.followed_by is None:
            raise ValueError(
                f"The method {self.name!r} has no steps for paths to follow: give it steps, or "
                "name the method that stands for it as followed_by."
            )
        if self.signed and self.steps is not None and not self.is_difference:
            raise ValueError(
                f"The method {self.name!r} has steps, which are shares that paths add up, so its "
                "scores cannot be signed: leave steps out, and name the method whose steps paths "
                "follow as followed_by."
            )
        if self.head_rows is not None and self.own_fusion is not None:
            raise ValueError(
                f"The heads of {self.name!r} are fused as the user chooses, because it has "
                "head_rows: leave own_fusion out, or give it steps or matrix alone."
            )

    def of_differences(self) -> "Method":
        """Return the row of the changes of these scores from one run to another."""
        return replace(
            self,
            title=f"change in {self.title}",
            question=f"{self.question} Shown is the change from one run to the other.",
            values=f"change in {self.values or self.title}",
            signed=True,
            signs=("more than before", "less than before"),
            full_scale=None,
            is_attention=False,
            is_part_of_logit=False,
            is_difference=True,
        )

    @property
    def per_head(self) -> bool:
        """True if every head has scores of its own; else all heads are fused."""
        return self.head_rows is not None

    @property
    def through_layers(self) -> bool:
        """True if the scores of a layer depend on all layers up to it."""
        return self.head_rows is None

    @property
    def is_quick(self) -> bool:
        """True if scores are read directly from the captured tensors."""
        return math.isinf(self.quick_up_to)

    @property
    def bounded(self) -> bool:
        """True if scores are shares of 1."""
        return self.full_scale == 1

    def takes_moments(self, stream: Stream) -> bool:
        """Return whether all scores of a stream take some hundredths of a second at most."""
        weights = sum(each.num_heads * each.num_queries * each.num_keys for each in stream.layers)
        return weights <= self.quick_up_to

    def refusal(self, trace: Trace, stream: Stream) -> str | None:
        """Return why a stream has no such scores and what to do, or None if it has them."""
        reasons = (need.refusal(self.title, trace, stream) for need in self.needs)
        return next((reason for reason in reasons if reason is not None), None)

    def lack(self, trace: Trace, stream: Stream) -> str | None:
        """Return why a stream has no such scores, in few words for a menu."""
        missing = (need for need in self.needs if need.refusal(self.title, trace, stream))
        return next((need.lack for need in missing), None)

    def key(self, scores: ScoresOf) -> Hashable:
        """Return the cache key of these scores: the method's name and the settings it uses."""
        used = tuple(getattr(scores, setting.name) for setting in self.settings)
        return self.name, scores.fusion if self.own_fusion is None else None, used

    def only_own_settings(self, scores: ScoresOf) -> ScoresOf:
        """Return the scores with every setting that this method does not use at its default."""
        own = {setting.name: getattr(scores, setting.name) for setting in self.settings}
        bare = ScoresOf(scores.stream, scores.layer, scores.heads, self.name, scores.fusion)
        return replace(bare, into_one=scores.into_one, **own)

    def to_json(self) -> dict[str, Any]:
        """Return the row as the front end reads it."""
        return {
            "name": self.name,
            "title": self.title,
            "question": self.question,
            "values": self.values or self.title,
            "per_head": self.per_head,
            "through_layers": self.through_layers,
            "own_fusion": self.own_fusion,
            "settings": [setting.to_json() for setting in self.settings],
            "signed": self.signed,
            "signs": list(self.signs),
            "full_scale": self.full_scale,
            "is_quick": self.is_quick,
            "followed_by": self.followed_by or self.name,
            "is_flow": self.is_flow,
            "steps_are_shares": self.steps_are_shares,
            "evolves": self.evolves,
            "is_attention": self.is_attention,
            "is_part_of_logit": self.is_part_of_logit,
        }
