"""Frames of the heads that are worth a look first."""

import json
from dataclasses import asdict, dataclass
from typing import Any

from attnwidget.analysis import findings
from attnwidget.frames.frame import Frame
from attnwidget.frames.reader import Reader
from attnwidget.frames.workspace import Workspace
from attnwidget.methods.named_target import NamedTarget, target_json
from attnwidget.methods.progress import Progress
from attnwidget.methods.registry import showing
from attnwidget.trace import Trace

TOP = 3
"""Most heads of each kind."""


@dataclass(frozen=True)
class FindingsWant:
    """A request for the heads that are worth a look.

    Attributes
    ----------
    target
        What effects and contributions are of; None for the target of the trace.
    """

    target: NamedTarget = None

    @classmethod
    def read(cls, reader: Reader) -> "FindingsWant":
        """Read the fields of the request."""
        return cls(reader.target())

    def to_json(self) -> dict[str, Any]:
        """Return the request as the front end writes it."""
        return {"kind": "findings", "target": target_json(self.target)}

    def is_ready(self, workspace: Workspace) -> bool:
        """Return whether the workspace has the answer."""
        return workspace.find(self._key) is not None

    def found(self, workspace: Workspace, progress: Progress) -> "_Found":
        """Return the header of the frame, from the workspace or computed."""
        trace = workspace.trace
        return workspace.get(self._key, lambda tell: _found(trace, self.target, tell), progress)

    @property
    def _key(self) -> tuple[str, NamedTarget]:
        return ("findings", self.target)


@dataclass(frozen=True)
class _Found:
    fields: dict[str, Any]

    @property
    def nbytes(self) -> int:
        """Bytes of the header."""
        return len(json.dumps(self.fields))


def findings_frame(workspace: Workspace, want: FindingsWant, progress: Progress = None) -> Frame:
    """Make the frame of `attnwidget.findings` and the likeliest prediction, all in the header."""
    return Frame("findings", want.to_json(), {}, want.found(workspace, progress).fields)


def _found(trace: Trace, target: NamedTarget, progress: Progress) -> _Found:
    aimed = target if trace.has_predictions else None
    found = findings(trace, target=aimed, top=TOP, progress=progress)
    described = found.to_json()
    for each, entry in zip(found, described["findings"], strict=True):
        entry["method"] = showing(each.kind, trace, trace[each.stream])
    return _Found({**described, "prediction": _prediction(trace, target)})


def _prediction(trace: Trace, target: NamedTarget) -> dict[str, Any] | None:
    """Return what the model predicts at the position of a target; None if it predicts nothing."""
    if not trace.has_predictions:
        return None
    chosen = trace.target if target is None else target
    position = None
    if isinstance(chosen, tuple) and chosen[0] != "span":
        position = chosen[1]
    try:
        found = trace.predictions(position, 1)
    except (IndexError, ValueError):
        return None
    if not found.entries:
        return None
    return {**asdict(found.entries[0]), "position": found.position}
