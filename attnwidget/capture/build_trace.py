"""What was caught of a model's attention, as a Trace."""

from attnwidget.capture.assemble.stack_tokens import Sides
from attnwidget.capture.assemble.streams import grouped, stream
from attnwidget.capture.attention.capture_attention import Caught
from attnwidget.capture.gradients.model_gradients import ModelGradients, Shared
from attnwidget.capture.gradients.rerun import Rerun
from attnwidget.capture.model.loading import Source
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
