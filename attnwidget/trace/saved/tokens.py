"""Tokens in the description of a file."""

from typing import Any

from attnwidget.trace.saved.fields import DamagedError, Fields, text, within
from attnwidget.trace.tokens import Tokens


def write_tokens(tokens: Tokens) -> dict[str, Any]:
    """Return tokens for JSON."""
    return {
        "text": list(tokens.text),
        "raw": list(tokens.raw),
        "special": _places(tokens.special),
        "continues": _places(tokens.continues),
        "segments": list(tokens.segments) if tokens.has_pair else [],
    }


def read_tokens(value: object, where: str) -> Tokens:
    """Read tokens."""
    fields = Fields.read(value, where)
    shown = fields.all("text", text)
    size = len(shown)
    raw = fields.all("raw", text)
    special, continues = (set(fields.all(name, within(size))) for name in ("special", "continues"))
    segments = fields.all("segments", within(1 << 31)) or (0,) * size
    if len(raw) != size or len(segments) != size:
        raise DamagedError(f"{where} must have one raw token and segment for each text")
    is_special, is_part = (
        tuple(at in places for at in range(size)) for places in (special, continues)
    )
    return Tokens(shown, raw, is_special, is_part, segments)


def _places(flags: tuple[bool, ...]) -> list[int]:
    return [place for place, each in enumerate(flags) if each]
