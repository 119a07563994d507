"""Frames of the model's predictions."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from attnwidget.frames.frame import Frame
from attnwidget.frames.reader import Reader
from attnwidget.frames.workspace import Workspace
from attnwidget.methods.named_target import (
    NamedTarget,
    num_positions,
    resolve_target,
    target_json,
)
from attnwidget.methods.progress import Progress
from attnwidget.trace import Trace


@dataclass(frozen=True)
class PredictionsWant:
    """A request for the likeliest predictions.

    Attributes
    ----------
    position
        The position of the prediction; None for the default of the model's head.
    including
        Indices or texts of tokens or classes to list after the likeliest.
    """

    position: int | None = None
    including: tuple[int | str, ...] = ()

    @classmethod
    def read(cls, reader: Reader) -> "PredictionsWant":
        """Read the fields of the request."""
        if not reader.trace.has_predictions:
            raise ValueError(
                "Predictions need the model, and this trace was made from arrays. Make it with "
                "attnwidget.capture(model, text)."
            )
        position = reader.index_or_none("position", num_positions(reader.trace))
        return cls(position, reader.names("including"))

    def to_json(self) -> dict[str, Any]:
        """Return the request as the front end writes it."""
        including = {"including": list(self.including)} if self.including else {}
        return {"kind": "predictions", "position": self.position, **including}


def predictions_wants(trace: Trace, target: NamedTarget) -> Iterator[PredictionsWant]:
    """Yield the requests for the likeliest predictions where a target is, and for its own.

    The tokens or classes of the target are asked for if they are not among the likeliest.
    """
    fields = target_json(target) or {}
    want = PredictionsWant(fields.get("position"))
    yield want
    likeliest = {each.index for each in trace.predictions(want.position).entries}
    named = (fields.get(name) for name in ("index", "versus"))
    others = tuple(each for each in named if each is not None and each not in likeliest)
    if others:
        yield replace(want, including=others)


def predictions_frame(
    workspace: Workspace, want: PredictionsWant, _progress: Progress = None
) -> Frame:
    """Make the frame of the `Predictions`, all of it in the header."""
    found = workspace.trace.predictions(want.position, including=want.including)
    fields: dict[str, Any] = {
        "unit": found.unit,
        "position": found.position,
        "predictions": [asdict(entry) for entry in found.entries],
    }
    if want.including:
        fields["included"] = [_index(workspace.trace, each) for each in want.including]
    return Frame("predictions", want.to_json(), {}, fields)


def _index(trace: Trace, named: int | str) -> int:
    """Return the index of a token or class that is named by its index or its text."""
    if isinstance(named, int):
        return named
    found = target_json(resolve_target(("logit", None, named), trace))
    assert found is not None
    return int(found["index"])
