"""What was caught of a model's attention, as a Trace."""

from attnwidget.capture.gradients import ModelGradients, Shared
from attnwidget.capture.layers import Caught
from attnwidget.capture.loading import Source
from attnwidget.capture.rerun import Rerun
from attnwidget.capture.sides import Sides
from attnwidget.capture.streams import grouped, stream
from attnwidget.trace.target import Target
from attnwidget.trace.trace import Trace


def traced(
    source: Source, sides: Sides, caught: Caught, entry: int | None, target: Target
) -> Trace:
    """Return the trace of one entry, whose gradients are computed now if a target is named.

    Parameters
    ----------
    source
        The model.
    sides
        What the model was called with for this entry.
    caught
        The attention that it computed.
    entry
        Which of a batch, where a module makes a batch of its own.
    """
    groups = grouped(caught.layers, sides)
    rerun = Rerun(source.model, sides, caught.way, entry, groups)
    gradients = ModelGradients(Shared(rerun), target)
    stacks = tuple(stream(group, caught.layers, sides, gradients) for group in groups)
    if target is not None:
        gradients.computed()
    return Trace(stacks, source.name, gradients)
