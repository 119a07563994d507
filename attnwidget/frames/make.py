"""The kinds of requests and the functions that answer them with frames."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from attnwidget.frames.alternatives import AlternativesWant, alternatives_frame
from attnwidget.frames.compared import OTHER, ComparedWorkspace
from attnwidget.frames.contributions import ContributionsWant, contributions_frame
from attnwidget.frames.findings import FindingsWant, findings_frame
from attnwidget.frames.frame import Frame
from attnwidget.frames.head_effects import (
    HeadEffectsWant,
    has_head_effects,
    head_effects_frame,
)
from attnwidget.frames.knockout import KnockoutWant, knockout_frame
from attnwidget.frames.matrix import MatrixWant, matrix_frame
from attnwidget.frames.neuron import NeuronWant, neuron_frame
from attnwidget.frames.paths import PathsWant, paths_frame
from attnwidget.frames.predictions import PredictionsWant, predictions_frame
from attnwidget.frames.reader import Reader
from attnwidget.frames.rows import RowsWant, rows_frame
from attnwidget.frames.statistics import StatisticsWant, statistics_frame
from attnwidget.frames.summary import SummaryWant, summary_frame
from attnwidget.frames.thumbnails import ThumbnailsWant, thumbnails_frame
from attnwidget.frames.token import TokenWant, token_frame
from attnwidget.frames.workspace import Workspace
from attnwidget.methods.progress import Progress
from attnwidget.trace.cut import read_cuts


@dataclass(frozen=True)
class Kind:
    """The functions that read and answer requests of one kind.

    Attributes
    ----------
    read
        Reads the fields of a request.
    answer
        Makes the frame.
    is_quick
        Returns whether the frame is made at once; a slow request should not hold up others.
    """

    read: Callable[[Reader], Any]
    answer: Callable[[Workspace, Any, Progress], Frame]
    is_quick: Callable[[Workspace, Any], bool]


def _rows_are_quick(workspace: Workspace, want: RowsWant | ThumbnailsWant) -> bool:
    return want.shown.is_quick(workspace)


def _always(_workspace: Workspace, _want: object) -> bool:
    return True


def _never(_workspace: Workspace, _want: object) -> bool:
    return False


KINDS = {
    "rows": Kind(RowsWant.read, rows_frame, _rows_are_quick),
    "token": Kind(TokenWant.read, token_frame, lambda workspace, want: want.is_quick(workspace)),
    "summary": Kind(
        SummaryWant.read, summary_frame, lambda workspace, want: want.is_quick(workspace)
    ),
    "thumbnails": Kind(ThumbnailsWant.read, thumbnails_frame, _rows_are_quick),
    "matrix": Kind(MatrixWant.read, matrix_frame, lambda workspace, want: want.is_quick(workspace)),
    "paths": Kind(PathsWant.read, paths_frame, _never),
    "statistics": Kind(
        StatisticsWant.read, statistics_frame, lambda workspace, want: want.is_quick(workspace)
    ),
    "predictions": Kind(PredictionsWant.read, predictions_frame, _never),
    "knockout": Kind(KnockoutWant.read, knockout_frame, _never),
    "alternatives": Kind(AlternativesWant.read, alternatives_frame, _never),
    "findings": Kind(
        FindingsWant.read, findings_frame, lambda workspace, want: want.is_ready(workspace)
    ),
    "contributions": Kind(ContributionsWant.read, contributions_frame, _never),
    "head_effects": Kind(HeadEffectsWant.read, head_effects_frame, has_head_effects),
    "neuron": Kind(NeuronWant.read, neuron_frame, _always),
}
"""Every kind by the name in a request; add new kinds here."""


def make_frame(workspace: Workspace, want: object, progress: Progress = None) -> Frame:
    """Make the frame that answers a request.

    Parameters
    ----------
    workspace
        The workspace of the trace.
    want
        The request, a mapping as docs/developing/wire-format.md lists it. The defaults of missing
        fields are the first stream, layer 0, all heads fused, nothing hidden. With a list of cuts
        in ``after`` the frame is of the run without what they take away, with ``"other"`` of the
        second of two traces, and with ``difference`` of
        that run minus the run with everything.
    progress
        Receives the progress, as in methods; it may raise to interrupt.

    Raises
    ------
    IndexError
        There is no such layer, head or query.
    ValueError
        The kind or a field is unknown, or a field's value is not allowed.
    """
    fields = _fields(want)
    run = _run(workspace, fields)
    if fields.get("difference") and run is run.whole:
        raise ValueError(
            "difference is that of a run with cuts and the run without, but no cuts were given. "
            "Name them in after."
        )
    kind, parsed = _parse(run, fields)
    frame = kind.answer(run, parsed, progress)
    after = fields.get("after")
    if not after:
        return frame
    known = after if after == OTHER else [cut.to_json() for cut in read_cuts(after)]
    return replace(frame, want={**frame.want, "after": known})


def is_quick(workspace: Workspace, want: object) -> bool:
    """Return whether a request is answered at once, as refused requests are."""
    try:
        fields = _fields(want)
        after = fields.get("after")
        if after and after != OTHER and not workspace.has_run(read_cuts(after)):
            return False
        run = _run(workspace, fields)
        kind, parsed = _parse(run, fields)
    except (IndexError, ValueError):
        return True
    return kind.is_quick(run, parsed)


def _run(workspace: Workspace, fields: Mapping[str, Any]) -> Workspace:
    """Return the run that a request is about."""
    after = fields.get("after")
    if after == OTHER:
        if not isinstance(workspace, ComparedWorkspace):
            raise ValueError(
                f"after is {OTHER!r}, which is the second of two traces, and this is one trace."
            )
        return workspace.on_screen("difference" if fields.get("difference") else "after", ())
    return workspace.after(read_cuts(after) if after else ())


def _fields(want: object) -> Mapping[str, Any]:
    if not isinstance(want, Mapping):
        raise ValueError(f"A request must be a mapping with a kind, but {want!r} was given.")
    return want


def _parse(workspace: Workspace, want: Mapping[str, Any]) -> tuple[Kind, Any]:
    name = want.get("kind")
    if not isinstance(name, str) or name not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, but {name!r} was given.")
    reader = Reader(workspace.trace, want)
    parsed = KINDS[name].read(reader)
    reader.finish()
    return KINDS[name], parsed
