"""A trace of each model in the box, on an example worth seeing."""

from __future__ import annotations

from dataclasses import replace

from attnwidget.capture import capture
from attnwidget.demos.load import load
from attnwidget.trace.trace import Trace

EXAMPLES = {
    "brackets": "[<>](<[{()}][MASK])",
    "induction": " ".join(2 * ["honey river bridge marble candle velvet clock tiger"]),
    "dates": "Sunday, March 14, 2021",
}
"""What the models read. None of them occurs in training."""


def demo(name: str) -> Trace:
    """Trace one of the models in the box on an example that it has not been trained on.

    Parameters
    ----------
    name
        ``"brackets"``: a masked bracket, which the model fills in after looking for its partner.
        ``"induction"``: words said twice; from each repeated word a head looks at what followed
        it the first time. ``"dates"``: a written date and the ISO date that the model makes of
        it; cross attention finds the characters of each field.

    Returns
    -------
    Trace
        With the stream ``"self"``; for the dates with ``"encoder"``, ``"decoder"`` and
        ``"cross"``.

    Raises
    ------
    ValueError
        If there is no such demo.

    Examples
    --------
    >>> demo("dates").streams
    ('encoder', 'decoder', 'cross')
    """
    model, tokenizer = load(name)
    trace = capture(model, EXAMPLES[name], tokenizer=tokenizer)
    return replace(trace, model_name=f"attnwidget demo: {name}")
