"""What a trace is, for the front end: everything but attention."""

from typing import Any

from attnwidget.frames.frame import VERSION
from attnwidget.frames.methods import allowed_methods
from attnwidget.frames.summary import attends_to_itself
from attnwidget.trace import Stream, Tokens, Trace


def about(trace: Trace) -> dict[str, Any]:
    """Return the model's name and each stream's size and tokens, ready for JSON."""
    streams = [_stream(trace, trace[name]) for name in trace.streams]
    return {"version": VERSION, "model": trace.model_name, "streams": streams}


def _stream(trace: Trace, stream: Stream) -> dict[str, Any]:
    return {
        "name": stream.name,
        "layers": stream.num_layers,
        "heads": stream.num_heads,
        "causal": stream.causal,
        "projections": stream.has_projections,
        "methods": list(allowed_methods(trace, stream)),
        "queries": _tokens(stream.queries),
        "keys": None if attends_to_itself(stream) else _tokens(stream.keys),
    }


def _tokens(tokens: Tokens) -> dict[str, Any]:
    return {
        "text": list(tokens.text),
        "special": _indices(tokens.special),
        "continues": _indices(tokens.continues),
        "segments": list(tokens.segments) if tokens.has_pair else [],
    }


def _indices(flags: tuple[bool, ...]) -> list[int]:
    return [index for index, flag in enumerate(flags) if flag]
