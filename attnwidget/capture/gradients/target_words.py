"""Say in words what a target is."""

from attnwidget.capture.gradients.model_output import PredictionHead
from attnwidget.trace.target import Target
from attnwidget.trace.tokens import Tokens


def target_in_words(target: Target, head: PredictionHead, tokens: Tokens) -> str:
    """Return what a target is, such as ``"the logit of the predicted token at 7 'sat'"``.

    Parameters
    ----------
    target
        The target; None is the default of the head.
    head
        The prediction head of the model.
    tokens
        The tokens at whose positions the model predicts.
    """
    if callable(target):
        return "a function of the output"
    if target is None and not head.predicts:
        why = "no logits are known" if head.unit == "hidden" else "no mask is known"
        return f"the last hidden state at all tokens, as {why}"
    kind, position, *index = ("logit", None, None) if target is None else target
    if kind == "hidden":
        where = "all tokens" if position is None else _token(position, tokens)
        return f"the last hidden state at {where}"
    of = "the log-probability" if kind == "log_prob" else "the logit"
    named = "the predicted" if index[0] is None else ""
    what = f"{named} {head.unit}".strip() if named else f"{head.unit} {index[0]}"
    if head.activation == "identity" and head.unit == "class":
        what = "the score" if index[0] is None else f"score {index[0]}"
    place = head.default if position is None and head.has_positions else position
    return f"{of} of {what}" + ("" if place is None else f" at {_token(place, tokens)}")


def _token(position: int, tokens: Tokens) -> str:
    """Return a position with its token."""
    is_there = -len(tokens) <= position < len(tokens)
    return f"{position} {tokens.text[position]!r}" if is_there else str(position)
