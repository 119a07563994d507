"""What a model itself would put in the place of a token."""

from collections.abc import Sequence

from attnwidget.methods.rerunning import reruns_of
from attnwidget.methods.source import stream_named
from attnwidget.trace import Predictions, Trace
from attnwidget.trace.indexing import resolve_index

TOP = 10
"""Tokens that are proposed."""


def alternatives(
    trace: Trace,
    position: int,
    top: int = TOP,
    *,
    including: Sequence[str | int] = (),
    stream: str | None = None,
) -> Predictions:
    """Return the likeliest tokens in the place of one, the token itself perhaps among them.

    Of a model that fills masks they are its predictions with a mask there, of a model that writes
    its predictions from the tokens before it. `replaced` puts one of them there.

    Parameters
    ----------
    trace
        A captured trace of a model that predicts tokens.
    position
        The token; negative ones count from the end.
    top
        Number of tokens.
    including
        Other tokens, by text or index, which are listed after these.
    stream
        The stream whose keys `position` counts; the first if None.

    Returns
    -------
    Predictions
        The tokens, by falling probability.

    Raises
    ------
    IndexError
        There is no such position, or no token of that index.
    ValueError
        The trace has no model, the model predicts no tokens there, or a text is not one token.
    """
    reruns = reruns_of(trace, "alternatives")
    if isinstance(top, bool) or not isinstance(top, int) or top < 1:
        raise ValueError(f"top must be 1 or a larger number, but {top!r} was given.")
    of = stream_named(trace, stream)
    place = resolve_index(position, len(of.keys), "position")
    return reruns.alternatives(of.name, place, top, including)
