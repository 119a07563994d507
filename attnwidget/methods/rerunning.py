"""What methods need that run the model again with changes."""

from attnwidget.trace import Target, Trace
from attnwidget.trace.reruns import Reruns
from attnwidget.trace.target import IndexedTarget


def reruns_of(trace: object, what: str) -> Reruns:
    """Return what runs the model of a trace again.

    Parameters
    ----------
    trace
        The trace.
    what
        The function that needs it, for the error.

    Raises
    ------
    ValueError
        `trace` is no trace, or its model is not there.
    """
    if not isinstance(trace, Trace):
        raise ValueError(
            f"{what} runs the model again, so it takes a Trace of attnwidget.capture, but an "
            f"object of type {type(trace).__name__} was given."
        )
    if trace.reruns is None:
        possible = (
            "The first-order estimates of knockout_effects(exact=False) need no other run, "
            if trace.has_gradients
            else "Attention, rollout and max-flow need no model, "
        )
        raise ValueError(
            f"{what} runs the model again, and this trace has none: it was made from arrays, or "
            f"read or copied without its model. {possible}but say what a model reads and not what "
            "it would do without it. For that capture the model again: attnwidget.capture(model, "
            "text)."
        )
    return trace.reruns


def target_of(trace: Trace, target: Target) -> IndexedTarget:
    """Return a target in its canonical form; None is that of the trace."""
    return trace.target if target is None else trace.with_target(target).target
