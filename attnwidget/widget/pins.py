"""Pins, and the tokens that they are at."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from attnwidget.frames import ComparedWorkspace, Workspace
from attnwidget.trace import Stream, Tokens
from attnwidget.trace.match import Match

Pin = dict[str, Any]
"""``{"side": "query" | "key", "index": int}``."""


@dataclass(frozen=True)
class OnScreen:
    """The tokens on the screen.

    Attributes
    ----------
    stream
        The name of the stream.
    tokens
        By side, its tokens.
    follows
        True if pins follow their tokens to another text, as where it was edited. Of two traces that
        are compared they are dropped, and of one stream to another they keep their numbers.
    drops
        True if pins are dropped where the tokens are others.
    """

    stream: str
    tokens: dict[str, Tokens]
    follows: bool
    drops: bool

    @classmethod
    def of(
        cls, stream: Stream, captured: Workspace | None, edits: list[dict[str, Any]]
    ) -> "OnScreen":
        """Return what is on the screen of a widget."""
        tokens = {"query": stream.queries, "key": stream.keys}
        return cls(stream.name, tokens, bool(edits), isinstance(captured, ComparedWorkspace))

    def pins(self, pins: Iterable[Pin], before: "OnScreen | None") -> list[Pin]:
        """Return the pins that were made in what was on the screen before, as they are here."""
        if before is not None and before.tokens != self.tokens:
            if self.drops:
                return []
            if before.stream == self.stream and (before.follows or self.follows):
                pins = before._followed(pins, self)
        return [pin for pin in pins if pin["index"] < len(self.tokens[pin["side"]])]

    def _followed(self, pins: Iterable[Pin], after: "OnScreen") -> list[Pin]:
        sides = self.tokens.items()
        places = {side: Match.of(tokens, after.tokens[side]).places() for side, tokens in sides}
        moved = ({**pin, "index": places[pin["side"]].get(pin["index"])} for pin in pins)
        return [pin for pin in moved if pin["index"] is not None]
