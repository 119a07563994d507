"""Frames of what each head does for the target: an estimate, or a run without it."""

from collections.abc import Hashable
from dataclasses import dataclass
from typing import Any

from torch import Tensor

from attnwidget.frames.frame import Frame
from attnwidget.frames.reader import Reader
from attnwidget.frames.workspace import Workspace
from attnwidget.methods.knockout_effects import knockout_effects
from attnwidget.methods.named_target import NamedTarget, target_json
from attnwidget.methods.progress import Progress
from attnwidget.trace import Stream, Trace
from attnwidget.trace.gradients import no_gradients

ESTIMATED, EXACT = "effect", "exact_effect"
"""How an effect is found, as the trait ``head_colors`` names it."""


@dataclass(frozen=True)
class HeadEffectsWant:
    """A request for the change of the target without each head of a layer.

    Attributes
    ----------
    stream
        Name of the stream.
    layer
        Counted from 0.
    target
        The target; None for the default of the model's head.
    exact
        Run the model without each head; else estimate the change to first order.
    """

    stream: str
    layer: int
    target: NamedTarget
    exact: bool

    @classmethod
    def read(cls, reader: Reader) -> "HeadEffectsWant":
        """Read the fields of the request."""
        stream = reader.stream()
        layer = reader.index("layer", stream.num_layers)
        want = cls(stream.name, layer, reader.target(), reader.flag("exact"))
        refused = refused_effects(reader.trace, EXACT if want.exact else ESTIMATED)
        if refused is not None:
            raise ValueError(refused)
        return want

    @property
    def key(self) -> Hashable:
        """The cache key of the effects."""
        return "head_effects", self.stream, self.layer, self.target, self.exact

    def to_json(self) -> dict[str, Any]:
        """Return the request as the front end writes it."""
        return {
            "kind": "head_effects",
            "stream": self.stream,
            "layer": self.layer,
            "target": target_json(self.target),
            "exact": self.exact,
        }


def refused_effects(trace: Trace, way: str) -> str | None:
    """Return why the effects of heads cannot be found in a way, and what to do, or None."""
    if not trace.has_gradients:
        return (
            f"The effect of each head needs the model, and {no_gradients(trace.gradients)}. "
            "Capture a model with attnwidget.capture(model, text)."
        )
    if way == EXACT:
        try:
            if trace.reruns is None:
                raise ValueError("This trace cannot run its model again.")
            trace.reruns.check_cuts()
        except ValueError as error:
            return f'{error} Estimates need no other run: head_colors="{ESTIMATED}".'
    return None


def has_head_effects(workspace: Workspace, want: HeadEffectsWant) -> bool:
    """Return whether the effects are at hand."""
    return workspace.find(want.key) is not None


def head_effects(
    workspace: Workspace, want: HeadEffectsWant, progress: Progress = None
) -> list[float]:
    """Return the change of the target without each head of the layer."""

    def compute(report: Progress) -> Tensor:
        return knockout_effects(
            workspace.trace,
            "head",
            exact=want.exact,
            target=want.target,
            layers=want.layer,
            stream=want.stream,
            progress=report,
        )[0]

    effects: list[float] = workspace.get(want.key, compute, progress).tolist()
    return effects


def layer_wants(stream: Stream, target: NamedTarget, way: str) -> list[HeadEffectsWant]:
    """Return the requests for all layers of a stream."""
    layers = range(stream.num_layers)
    return [HeadEffectsWant(stream.name, layer, target, way == EXACT) for layer in layers]


def head_effects_frame(
    workspace: Workspace, want: HeadEffectsWant, progress: Progress = None
) -> Frame:
    """Make the frame of the effects, all of it in the header: ``effects`` has one for each head."""
    effects = head_effects(workspace, want, progress)
    return Frame("head_effects", want.to_json(), {}, {"effects": effects})
