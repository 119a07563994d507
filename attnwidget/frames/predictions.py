"""Frames of the model's predictions."""

from dataclasses import asdict, dataclass
from typing import Any

from attnwidget.frames.frame import Frame
from attnwidget.frames.reader import Reader
from attnwidget.frames.workspace import Workspace
from attnwidget.methods.named_target import num_positions
from attnwidget.methods.progress import Progress


@dataclass(frozen=True)
class PredictionsWant:
    """A request for the likeliest predictions.

    Attributes
    ----------
    position
        The position of the prediction; None for the default of the model's head.
    """

    position: int | None = None

    @classmethod
    def read(cls, reader: Reader) -> "PredictionsWant":
        """Read the fields of the request."""
        if not reader.trace.has_gradients:
            raise ValueError(
                "Predictions need the model, and this trace was made from arrays. Make it with "
                "attnwidget.capture(model, text)."
            )
        return cls(reader.index_or_none("position", num_positions(reader.trace)))

    def to_json(self) -> dict[str, Any]:
        """Return the request as the front end writes it."""
        return {"kind": "predictions", "position": self.position}


def predictions_frame(
    workspace: Workspace, want: PredictionsWant, _progress: Progress = None
) -> Frame:
    """Make the frame of the `Predictions`, all of it in the header."""
    found = workspace.trace.predictions(want.position)
    fields = {
        "unit": found.unit,
        "position": found.position,
        "predictions": [asdict(entry) for entry in found.entries],
    }
    return Frame("predictions", want.to_json(), {}, fields)
