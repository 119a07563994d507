"""The methods that views can show."""

from collections.abc import Callable
from dataclasses import dataclass

from attnwidget.frames.gradient_flow import gradient_flow_rows, gradients_ready
from attnwidget.frames.max_flow import max_flow_is_kept, max_flow_rows
from attnwidget.frames.nodes import nodes_of
from attnwidget.frames.scores import RowsOf, ScoresOf, attention_rows
from attnwidget.frames.through_layers import product_rows, products_are_kept
from attnwidget.frames.workspace import Progress, Workspace
from attnwidget.trace import Stream, Trace


@dataclass(frozen=True)
class Method:
    """One method.

    Attributes
    ----------
    title
        What it is called in a sentence.
    rows
        Makes its scores; everything that takes long happens in this call and reports progress.
    ready
        Whether the scores can be made at once, because little is to be done or it was done before.
    per_head
        Whether every head has scores of its own; else all of them are fused.
    needs_gradients
        Whether a backward pass through the model is needed.
    through_layers
        Whether the scores of a layer are those of all layers up to it, so that these must be able
        to follow one another.
    full_scale
        The value that views draw at full strength; None: the largest one there is.
    """

    title: str
    rows: Callable[[Workspace, ScoresOf, Progress], RowsOf]
    ready: Callable[[Workspace, ScoresOf], bool]
    per_head: bool = True
    needs_gradients: bool = False
    through_layers: bool = False
    full_scale: float | None = None


METHODS: dict[str, Method] = {
    "attention": Method("attention", attention_rows, lambda *_: True, full_scale=1.0),
    "rollout": Method(
        "rollout",
        product_rows,
        products_are_kept,
        per_head=False,
        through_layers=True,
        full_scale=1.0,
    ),
    "gradient_flow": Method(
        "gradient flow", gradient_flow_rows, gradients_ready, needs_gradients=True
    ),
    "relevance": Method(
        "relevance",
        product_rows,
        products_are_kept,
        per_head=False,
        needs_gradients=True,
        through_layers=True,
    ),
    "max_flow": Method(
        "max-flow", max_flow_rows, max_flow_is_kept, per_head=False, through_layers=True
    ),
}
"""By the names of the trait; a method is added here."""


def rows_of(workspace: Workspace, scores: ScoresOf, progress: Progress = None) -> RowsOf:
    """Return what makes the rows of these scores."""
    return METHODS[scores.method].rows(workspace, scores, progress)


def is_ready(workspace: Workspace, scores: ScoresOf) -> bool:
    """Return whether these scores can be made at once."""
    return METHODS[scores.method].ready(workspace, scores)


def allowed_methods(trace: Trace, stream: Stream) -> tuple[str, ...]:
    """Return the methods that a stream of this trace can be shown by."""
    return tuple(name for name in METHODS if refusal(trace, stream, name) is None)


def refusal(trace: Trace, stream: Stream, name: str) -> str | None:
    """Return why a method cannot be shown and what to do, or None where it can."""
    method = METHODS[name]
    if method.needs_gradients and not trace.has_gradients:
        return (
            f"{method.title} needs gradients, and this trace was made from arrays. Capture a model "
            "with attnwidget.capture(model, text), or show attention, rollout or max-flow."
        )
    if method.through_layers:
        try:
            nodes_of(trace, stream.name)
        except ValueError as error:
            return f"{method.title} goes through layers. {error}"
    return None
