"""The places in a text that a target names, checked before the model runs again."""

from typing import Literal

from attnwidget.capture.gradients.predicted_text import PredictedText, Span
from attnwidget.trace.indexing import resolve_index
from attnwidget.trace.prediction_head import PredictionHead
from attnwidget.trace.target import IndexedTarget

SpanAim = tuple[Literal["span"], int, int | None]


def placed(target: IndexedTarget, text: PredictedText, head: PredictionHead) -> IndexedTarget:
    """Return a target with its positions counted from the front.

    Raises
    ------
    IndexError
        The text has no such position.
    ValueError
        The model predicts no token, or not all tokens, of a span.
    """
    if target is None or callable(target):
        return target
    if target[0] == "span":
        span = span_of(target, text, head)
        return ("span", span.start, span.stop)
    if target[1] is None:
        return target
    position = resolve_index(target[1], len(text.stream.queries), "position")
    if target[0] == "hidden":
        return ("hidden", position)
    if target[0] == "contrast":
        return ("contrast", position, target[2], target[3])
    return (target[0], position, target[2])


def span_of(target: SpanAim, text: PredictedText, head: PredictionHead) -> Span:
    """Return the tokens whose log-probability a target sums up.

    Raises
    ------
    IndexError
        The text has no such tokens.
    ValueError
        The model predicts no token, or not all tokens, of the span.
    """
    if head.unit != "token":
        is_class = head.unit == "class"
        lack = "predicts classes" if is_class else "has no head that gives logits"
        place = "position" if head.has_positions else "None"
        advice = (
            f'Name a class, ("log_prob", {place}, index)'
            if is_class
            else 'Take ("hidden", position)'
        )
        raise ValueError(
            f"The target {target!r} is the log-probability of tokens, but {head.model} {lack}. "
            f"{advice}, or load the model with its language-model head, such as "
            "AutoModelForCausalLM."
        )
    tokens = text.stream.queries
    if head.num_rows != len(tokens):
        raise ValueError(
            f"The target {target!r} needs logits for each token, but {head.model} gives them at "
            f"{head.num_rows} positions for {len(tokens)} tokens. Pass a function from its "
            "output to a scalar."
        )
    return text.span(target[1], target[2])
