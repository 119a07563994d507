"""The token that the text view is coloured for, by the rule of js/views/text/chosen.ts."""

from dataclasses import dataclass
from typing import Literal

from attnwidget.frames.token import TokenWant
from attnwidget.trace import Stream
from attnwidget.views.state import State

WHY = {
    "target": "where the target is predicted",
    "last": "the last token",
    "first": "the first token of the text",
}
"""The reasons to show a token that nobody pinned, in words."""


@dataclass(frozen=True)
class Chosen:
    """A token, and why it is shown.

    Attributes
    ----------
    side
        ``"query"`` if the text is coloured by its row, ``"key"`` if by its column.
    index
        Counted from 0.
    why
        ``"pinned"``, or a key of `WHY`.
    """

    side: Literal["query", "key"]
    index: int
    why: str


def chosen_token(stream: Stream, state: State) -> Chosen:
    """Return the last pinned token; else the query of the target; else the last or first word."""
    if state.tokens_selected:
        pin = state.tokens_selected[-1]
        return Chosen(pin["side"], pin["index"], "pinned")
    size = len(stream.queries)
    position = (state.target or {}).get("position")
    if position is not None and stream.name != "encoder" and -size <= position < size:
        return Chosen("query", position % size, "target")
    words = [at for at, special in enumerate(stream.queries.special) if not special] or [0]
    if stream.causal:
        return Chosen("query", words[-1], "last")
    return Chosen("query", words[0], "first")


def token_want(stream: Stream, state: State) -> TokenWant:
    """Return the request for the scores on the screen."""
    chosen = chosen_token(stream, state)
    return TokenWant(state.shown.in_one(), chosen.side, chosen.index)
