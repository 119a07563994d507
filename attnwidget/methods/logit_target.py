"""The logit, or the difference of two, that contributions are taken of."""

from dataclasses import dataclass

from attnwidget.methods.direct_path import known_readout
from attnwidget.trace import Target, Trace
from attnwidget.trace.gradients import needed
from attnwidget.trace.indexing import resolve_index

LOGITS = ("logit", "log_prob", "contrast")
"""The kinds of targets that name a logit."""


@dataclass(frozen=True)
class LogitTarget:
    """A logit at a position.

    Attributes
    ----------
    position
        The token at which the model predicts, counted from the front.
    index
        The token or class.
    versus
        The one whose logit is subtracted; None for none.
    """

    position: int
    index: int
    versus: int | None


def logit_target(
    trace: Trace,
    position: int | None = None,
    token: int | str | None = None,
    versus: int | str | None = None,
) -> LogitTarget:
    """Return a logit by its position and tokens, with defaults filled in.

    Parameters
    ----------
    trace
        A trace with a readout.
    position
        The token at which the model predicts; None for the default of the model's head.
    token
        Index or text; None for the predicted one.
    versus
        Index or text of the one whose logit is subtracted; None for none.

    Raises
    ------
    IndexError
        There is no such position, token or class.
    ValueError
        A text is no token or class of the model, or both are the same.
    """
    readout = known_readout(trace)
    if readout.position is not None:
        place = readout.position
        if (
            position is not None
            and resolve_index(position, readout.num_positions, "position") != place
        ):
            raise ValueError(
                f"The model classifies by the token at position {place} alone, but position "
                f"{position} was given. Leave it out."
            )
        position = place
        token = trace.predictions(top=1).entries[0].index if token is None else token
    elif position is None or token is None:
        found = trace.predictions(position, 1)
        if found.position is None or not found.entries:
            raise ValueError(
                "The model has no default position to predict at. Name one: position=-1 is the "
                "last token."
            )
        position = found.position
        token = found.entries[0].index if token is None else token
    place = resolve_index(position, readout.num_positions, "position")
    # A classifier has no positions to name a class at.
    named = place if readout.position is None else None
    index, other = (_index(trace, named, each, readout.num_logits) for each in (token, versus))
    assert index is not None
    if index == other:
        raise ValueError(
            f"A logit minus itself is 0, but versus is {versus!r}, which is the token itself. Name "
            "another token, or leave versus out."
        )
    return LogitTarget(place, index, other)


def logit_of(trace: Trace, target: Target) -> LogitTarget:
    """Return the logit that a target of gradients names; None is that of the trace, or the default.

    Raises
    ------
    IndexError
        There is no such position, token or class.
    ValueError
        The target names no logit.
    """
    chosen = trace.target if target is None else target
    if chosen is None:
        return logit_target(trace)
    if callable(chosen) or chosen[0] not in LOGITS:
        what = "a function" if callable(chosen) else repr(chosen)
        raise ValueError(
            f"Contributions are parts of a logit, but the target is {what}. Choose "
            '("logit", position, index) or ("contrast", position, index, other), or show effects.'
        )
    _, *parts = chosen
    return logit_target(trace, *parts)


def _index(trace: Trace, position: int | None, token: int | str | None, count: int) -> int | None:
    if token is None:
        return None
    if isinstance(token, str):
        aim = needed(trace.gradients).aimed_at(("logit", position, token)).target
        assert isinstance(aim, tuple)
        assert aim[0] == "logit"
        assert aim[2] is not None
        token = aim[2]
    return resolve_index(token, count, "token")
