"""Frames of what changes if attention is taken away."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from attnwidget.frames.compared import ComparedWorkspace
from attnwidget.frames.compared_predictions import compared_predictions
from attnwidget.frames.frame import Frame
from attnwidget.frames.reader import Reader
from attnwidget.frames.workspace import Workspace
from attnwidget.methods.knockout import Knockout, knockout
from attnwidget.methods.named_target import NamedTarget, target_json
from attnwidget.methods.progress import Progress
from attnwidget.methods.rerunning import reruns_of
from attnwidget.trace.cut import Cut
from attnwidget.trace.cut_places import placed
from attnwidget.trace.predictions import Prediction
from attnwidget.trace.reruns import Comparison

TOP = 50
"""Predictions of each run, among which those of the other are looked up."""

SHOWN = 6
"""Most predictions of each run in the frame."""


@dataclass(frozen=True)
class KnockoutWant:
    """A request for the predictions with and without some attention.

    Attributes
    ----------
    cuts
        What is taken away; nothing where two traces are compared.
    target
        The target whose change is told; None for the default of the model's head.
    """

    cuts: tuple[Cut, ...]
    target: NamedTarget

    @classmethod
    def read(cls, reader: Reader) -> "KnockoutWant":
        """Read the fields of the request."""
        cuts, target = reader.cuts("cuts"), reader.target()
        if cuts:
            reruns_of(reader.trace, "A cut")
        for cut in cuts:
            placed(cut, reader.trace.stacks)
        return cls(cuts, target)

    def to_json(self) -> dict[str, Any]:
        """Return the request as the front end writes it."""
        cuts = [cut.to_json() for cut in self.cuts]
        return {"kind": "knockout", "cuts": cuts, "target": target_json(self.target)}


def knockout_frame(workspace: Workspace, want: KnockoutWant, _progress: Progress = None) -> Frame:
    """Make the frame of a `Knockout` or of two traces, all of it in the header.

    ``predictions`` has the likeliest ones of both runs, with their probability and logit ``before``
    and ``after``; null for one that is not among the 50 likeliest. ``kl`` is KL(before || after) of
    all predictions in nats, null where there is none, and ``no_kl`` why.
    """
    found: Knockout | Comparison
    if isinstance(workspace, ComparedWorkspace):
        found = compared_predictions(workspace, want.target, TOP)
    elif want.cuts:
        found = knockout(workspace.trace, list(want.cuts), target=want.target, top=TOP)
    else:
        raise ValueError("cuts is empty, so nothing would change. Name at least one cut.")
    before, after = found.before.entries, found.after.entries
    likeliest = {(each.index, each.text): each for each in (*before[:SHOWN], *after[:SHOWN])}
    fields = {
        "unit": found.before.unit,
        "position": found.before.position,
        "predictions": [
            {
                "index": index,
                "text": each.text,
                "before": _measure(before, each),
                "after": _measure(after, each),
            }
            for (index, _), each in likeliest.items()
        ],
        "value_before": found.value_before,
        "value_after": found.value_after,
        "kl": found.kl,
        "no_kl": found.no_kl if isinstance(found, Comparison) else "",
        "emptied": found.emptied,
    }
    return Frame("knockout", want.to_json(), {}, fields)


def _measure(entries: Sequence[Prediction], like: Prediction) -> dict[str, Any] | None:
    same = (each for each in entries if (each.index, each.text) == (like.index, like.text))
    found = next(same, None)
    if found is None:
        return None
    return {name: asdict(found)[name] for name in ("probability", "logit")}
