"""Trace the bundled models on one example each."""

from __future__ import annotations

from dataclasses import replace

from attnwidget.capture import capture
from attnwidget.demos.load import load
from attnwidget.trace.trace import Trace

EXAMPLES = {
    "brackets": "[<>](<[{()}][MASK])",
    "induction": " ".join(2 * ["honey river bridge marble candle velvet clock tiger"]),
    "dates": "Sunday, March 14, 2021",
    "kinds": "river tiger bridge plum candle red silver hammer castle colour?",
}
"""Inputs of the models. None of them occurs in training."""


def demo(name: str) -> Trace:
    """Trace one of the bundled models on an example that does not occur in its training.

    Parameters
    ----------
    name
        ``"brackets"``: a masked bracket, which the model fills in after looking for its partner.
        ``"induction"``: words said twice; from each repeated word a head looks at the word that
        followed it the first time. ``"dates"``: a written date, which the model rewrites as an ISO
        date; cross attention finds the characters of each field. ``"kinds"``: a list with a
        question; one head, `attnwidget.demos.kinds.HEADS`, finds the word that answers it.

    Returns
    -------
    Trace
        A trace with the stream ``"self"``; for the dates with ``"encoder"``, ``"decoder"`` and
        ``"cross"``.

    Raises
    ------
    ValueError
        There is no such demo.

    Examples
    --------
    >>> demo("dates").streams
    ('encoder', 'decoder', 'cross')
    """
    model, tokenizer = load(name)
    trace = capture(model, EXAMPLES[name], tokenizer=tokenizer)
    return replace(trace, model_name=f"attnwidget demo: {name}")
