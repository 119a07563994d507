"""Say in words what a target is."""

from collections.abc import Callable
from functools import partial

from attnwidget.capture.gradients.predicted_text import PredictedText
from attnwidget.trace.prediction_head import PredictionHead
from attnwidget.trace.target import IndexedTarget
from attnwidget.trace.tokens import Tokens


def target_in_words(
    target: IndexedTarget,
    head: PredictionHead,
    text: PredictedText,
    names_of: Callable[[list[int]], list[str]],
) -> str:
    """Return what a target is, such as ``"the logit of the predicted token at 7 'sat'"``.

    Parameters
    ----------
    target
        The target; None is the default of the head.
    head
        The prediction head of the model.
    text
        The tokens at whose positions the model predicts.
    names_of
        Returns the tokens or classes of some indices.
    """
    tokens = text.stream.queries
    if callable(target):
        return "a function of the output"
    if target is None and not head.predicts:
        why = "no logits are known" if head.unit == "hidden" else "no mask is known"
        return f"the last hidden state at all tokens, as {why}"
    aim = ("logit", None, None) if target is None else target
    if aim[0] == "span":
        return _span(text, aim[1], aim[2])
    if aim[0] == "hidden":
        where = "all tokens" if aim[1] is None else _token(aim[1], tokens)
        return f"the last hidden state at {where}"
    of = "the log-probability" if aim[0] == "log_prob" else "the logit"
    place = head.default if aim[1] is None and head.has_positions else aim[1]
    if head.of_positions:
        end = "end" if head.row(place) else "beginning"
        names = partial(_named, unit=end, names_of=names_of)
        what = " minus that of ".join(map(names, aim[2:]))
        return f"{of} of {what} of the answer"
    at = "" if place is None else f" at {_token(place, tokens)}"
    what = _prediction(aim[2], head, names_of)
    if aim[0] == "contrast":
        return f"{of} of {what} minus that of {_prediction(aim[3], head, names_of)}{at}"
    return f"{of} of {what}{at}"


def _span(text: PredictedText, start: int, stop: int | None) -> str:
    tokens = text.stream.queries
    first, end, _ = slice(start, stop).indices(len(tokens))
    of = f"the token {_token(first, tokens)}"
    if end - first > 1:
        of = f"the tokens {_token(first, tokens)} to {_token(end - 1, tokens)}"
    each = "" if end - first == 1 else "each "
    where = "after those before it" if text.is_next else "at its own position"
    return f"the log-probability of {of}, {each}{where}"


def _prediction(
    index: int | None, head: PredictionHead, names_of: Callable[[list[int]], list[str]]
) -> str:
    is_score = head.activation == "identity" and head.unit == "class"
    unit = "score" if is_score else head.unit
    return "the score" if is_score and index is None else _named(index, unit, names_of)


def _named(index: int | None, unit: str, names_of: Callable[[list[int]], list[str]]) -> str:
    if index is None:
        return f"the predicted {unit}"
    try:
        (name,) = names_of([index])
    except (IndexError, KeyError, OverflowError, TypeError, ValueError):
        return f"{unit} {index}"  # there is no such token, which is an error once it is asked for
    return f"{unit} {index}" if name == str(index) else f"{unit} {index} {name!r}"


def _token(position: int, tokens: Tokens) -> str:
    """Return a position with its token."""
    is_there = -len(tokens) <= position < len(tokens)
    return f"{position} {tokens.text[position]!r}" if is_there else str(position)
