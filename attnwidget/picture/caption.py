"""The caption of a picture."""

from collections.abc import Callable, Sequence
from typing import Any

from attnwidget.frames import VisibleRows
from attnwidget.methods.method import Method
from attnwidget.methods.registry import METHODS, method_of
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.picture.words import percent
from attnwidget.trace import Trace
from attnwidget.trace.gradients import needed
from attnwidget.trace.target import Aim

MOST_HEADS = 12

FROM_TO = {"a": "first", "b": "second"}


def caption_of(
    trace: Trace, view: str, shown: VisibleRows, of: list[str] | None = None
) -> list[str]:
    """Return the parts of a caption: model, view, stream, scores, what is hidden, and notes.

    Parameters
    ----------
    of
        Words for the scores, if they are not those of `shown`.
    """
    scores = shown.scores
    parts = [trace.model_name or "attention weights", view]
    if len(trace.streams) > 1:
        parts.append(scores.stream)
    parts += scores_in_words(trace, scores) if of is None else of
    if shown.hide_special:
        parts.append("special tokens hidden as keys")
    if shown.hide_first:
        parts.append("first token hidden as key")
    if shown.pair_filter != "all":
        start, end = (FROM_TO[letter] for letter in shown.pair_filter)
        parts.append(f"from the {start} to the {end} text")
    return [*parts, *trace.notes]


def scores_in_words(
    trace: Trace, scores: ScoresOf, *, layers: str | None = None, heads: str | None = None
) -> list[str]:
    """Return layer, heads, method and its settings; `layers` and `heads` replace the scores'."""
    parts = [layers or layers_in_words(trace, scores), heads or heads_in_words(scores)]
    method = method_of(scores)
    parts.append(f"{method.title}, after − before" if scores.difference else method.title)
    for setting in method.settings:
        value = getattr(scores, setting.name)
        if value:
            parts.append(setting.caption.format(_WORDS[setting.kind](trace, value)))
    return parts


def layers_in_words(trace: Trace, scores: ScoresOf) -> str:
    """Return ``"layer 3"`` or, of a method that goes through layers, ``"layers 0 to 3 together"``.

    The numbers are the model's own.
    """
    numbers = trace[scores.stream].layer_numbers
    own = numbers[scores.layer]
    through = METHODS[scores.method].through_layers and scores.layer > 0
    return f"layers {numbers[0]} to {own} together" if through else f"layer {own}"


def heads_in_words(scores: ScoresOf) -> str:
    """Return ``"head 5"``, ``"heads 1, 5"`` or ``"all heads (mean)"``."""
    if scores.heads is None:
        is_chosen = METHODS[scores.method].own_fusion is None
        return f"all heads ({scores.fusion})" if is_chosen else "all heads"
    fused = f" ({scores.fusion})" if scores.into_one and len(scores.heads) > 1 else ""
    return f"{_listed(scores.heads)}{fused}"


def covered_in_words(method: Method) -> str:
    """Return ``"the largest weight it covers"``, for cells that cover several pairs of tokens."""
    value = method.values or method.title
    if method.signed:
        return f"the {value} of largest magnitude that it covers"
    return f"the largest {value} that it covers"


def target_in_words(trace: Trace, target: Aim | None) -> str:
    """Return ``"the logit of token 5 'mat' at 3 'the'"``; None is the target of the trace."""
    aimed = trace if target is None else trace.with_target(target)
    return needed(aimed.gradients).in_words()


def _listed(heads: Sequence[int]) -> str:
    noun = "head" if len(heads) == 1 else "heads"
    shown = ", ".join(map(str, heads[:MOST_HEADS]))
    more = len(heads) - MOST_HEADS
    return f"{noun} {shown}" + (f" and {more} more" if more > 0 else "")


_WORDS: dict[str, Callable[[Trace, Any], str]] = {
    "range": lambda _, share: percent(share),
    "check": lambda _trace, _on: "",
    "target": target_in_words,
}
"""The value of a setting in words, by the kind of the setting."""
