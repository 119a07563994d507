"""The arguments that a widget is made from: a trace, or weights and tokens."""

from collections.abc import Sequence
from typing import Any

from attnwidget.frames import ComparedWorkspace, Workspace
from attnwidget.trace import Tokens, Trace
from attnwidget.trace.stack import Stack


def as_workspace(
    trace: Trace | Stack | ComparedWorkspace,
    tokens: Sequence[str] | Tokens | None,
    key_tokens: Sequence[str] | Tokens | None,
) -> Workspace:
    """Return the workspace of two traces, or that of a trace as `as_trace` makes it."""
    if isinstance(trace, ComparedWorkspace):
        return trace
    return Workspace(as_trace(trace, tokens, key_tokens))


def as_trace(
    trace: Trace | Stack,
    tokens: Sequence[str] | Tokens | None,
    key_tokens: Sequence[str] | Tokens | None,
) -> Trace:
    """Return `trace`, or a trace made from attention weights and their tokens.

    Raises
    ------
    TypeError
        `trace` is neither a Trace nor attention weights, or tokens are given for a Trace, which has
        its own.
    ValueError
        Attention weights and tokens do not fit; the message says what to pass.
    """
    if isinstance(trace, Trace):
        if tokens is not None or key_tokens is not None:
            raise TypeError("A Trace has tokens of its own: leave tokens and key_tokens out.")
        return trace
    if tokens is None and not _array_like(trace):
        raise TypeError(
            f"trace must be a Trace, or attention weights with tokens=, but an object of type "
            f"{type(trace).__name__} was given. For a model, use attnwidget.explore(model, text)."
        )
    return Trace.from_attentions(trace, tokens, key_tokens=key_tokens)


def _array_like(value: Any) -> bool:
    return isinstance(value, list | tuple) or hasattr(value, "__array__")
