"""Frames of the parts of a logit."""

from dataclasses import asdict, dataclass
from typing import Any

from torch import Tensor

from attnwidget.frames.frame import Frame
from attnwidget.frames.reader import Reader
from attnwidget.frames.workspace import Workspace
from attnwidget.methods.contributions import logit_contributions
from attnwidget.methods.logit_target import LogitTarget, logit_of
from attnwidget.methods.named_target import NamedTarget, target_json
from attnwidget.methods.part_names import below_in_words, rests_in_words
from attnwidget.methods.progress import Progress
from attnwidget.trace import Trace


@dataclass(frozen=True)
class ContributionsWant:
    """A request for the parts of a logit.

    Attributes
    ----------
    target
        The logit; None for the target of the trace.
    """

    target: NamedTarget = None

    @classmethod
    def read(cls, reader: Reader) -> "ContributionsWant":
        """Read the fields of the request."""
        return cls(reader.target())

    def to_json(self) -> dict[str, Any]:
        """Return the request as the front end writes it."""
        return {"kind": "contributions", "target": target_json(self.target)}


def contributions_frame(
    workspace: Workspace, want: ContributionsWant, _progress: Progress = None
) -> Frame:
    """Make the frame of `attnwidget.Contributions`; its parts sum to the logit."""
    trace = workspace.trace
    target = logit_of(trace, want.target)
    parts = logit_contributions(trace, target.position, target.index, versus=target.versus)
    main, *others = by_stream = parts.by_stream()
    arrays: dict[str, Tensor] = {"mlps": parts.mlps, "heads": by_stream[main]}
    if others:
        arrays["cross"] = by_stream[others[0]]
    fields = {
        "streams": list(by_stream),
        "embedding": parts.embedding,
        "bias": parts.bias,
        "logit": parts.logit,
        "logit_of": {**asdict(target), "text": _text(trace, target)},
    }
    if parts.layer_numbers is not None:
        fields["below"] = below_in_words(parts.layer_numbers)
        fields["rests"] = rests_in_words(parts.layer_numbers)
    return Frame("contributions", want.to_json(), arrays, fields)


def _text(trace: Trace, target: LogitTarget) -> str:
    """Return the token or class, by its number if it is not among the likely ones."""
    known = {each.index: each.text for each in trace.predictions(target.position).entries}
    names = [
        known.get(each, f"number {each}")
        for each in (target.index, target.versus)
        if each is not None
    ]
    return " less ".join(names)
