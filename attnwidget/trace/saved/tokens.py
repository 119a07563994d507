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
        "written": _places(tokens.written),
    }


def read_tokens(value: object, where: str) -> Tokens:
    """Read tokens."""
    fields = Fields.read(value, where)
    shown = fields.all("text", text)
    size = len(shown)
    raw = fields.all("raw", text)
    special, continues, written = (
        _flags(fields, name, size) for name in ("special", "continues", "written")
    )
    segments = fields.all("segments", within(1 << 31)) or (0,) * size
    if len(raw) != size or len(segments) != size:
        raise DamagedError(f"{where} must have one raw token and segment for each text")
    return Tokens(shown, raw, special, continues, segments, written)


def _flags(fields: Fields, name: str, size: int) -> tuple[bool, ...]:
    places = set(fields.all(name, within(size)))
    return tuple(at in places for at in range(size))


def _places(flags: tuple[bool, ...]) -> list[int]:
    return [place for place, each in enumerate(flags) if each]
