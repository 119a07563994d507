"""The trace of another text, read by the same model."""

from dataclasses import replace

from attnwidget.methods.moved_target import moved_target
from attnwidget.methods.rerunning import reruns_of
from attnwidget.trace import Trace
from attnwidget.trace.gradients import needed
from attnwidget.trace.match import Match


def reworded(trace: Trace, text: str, text_pair: str | None = None) -> Trace:
    """Run the model of a trace on another text, and return the trace of that run.

    It is the trace that `attnwidget.capture` makes with the same model and tokenizer: an
    encoder-decoder writes anew, unless it was given a text for its decoder, and a decoder writes
    nothing. `attnwidget.compare` shows both traces beside each other.

    Parameters
    ----------
    trace
        A captured trace of a model that reads text.
    text, text_pair
        The other text, or the other two of a pair.

    Returns
    -------
    Trace
        The trace. Its target is at the same tokens as that of `trace`; where the other text does
        not have them, it is the default of the model, and a note says so.

    Raises
    ------
    ValueError
        The trace has no model or is of a run that was cut, its input is no text, no tokenizer is
        known, or the text is empty or too long for the model.
    """
    reruns = reruns_of(trace, "reworded")
    texts = (text,) if text_pair is None else (text, text_pair)
    made = replace(reruns.read_trace(texts), model_name=trace.model_name)
    stack = "decoder" if "decoder" in trace else trace.streams[0]
    if trace.target is None or stack not in made:
        return made
    aim = needed(trace.gradients).resolved(trace.target)
    places = Match.of(trace[stack].queries, made[stack].queries).places()
    try:
        return made.with_target(needed(made.gradients).resolved(moved_target(aim, places)))
    except (IndexError, ValueError):
        note = "the target was at tokens that this text does not have, and is the default one now"
        return replace(made, notes=(*made.notes, note))
