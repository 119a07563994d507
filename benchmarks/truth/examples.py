"""Unseen inputs of the models in the box, with the true source of one prediction of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import NamedTuple

from attnwidget.capture import capture
from attnwidget.demos import load
from attnwidget.demos.brackets import partner, random_example
from attnwidget.demos.dates import ISO_FIELDS, random_date
from attnwidget.demos.induction import random_repeat, sources
from attnwidget.demos.kinds import HEADS, random_list
from attnwidget.trace import Trace


class Example(NamedTuple):
    """One prediction and what it was read off.

    Attributes
    ----------
    trace
        A trace whose target is the predicted token.
    truth
        The keys that say the answer; one of them is enough.
    head
        The layer and head that answer; None where it is not known.
    """

    trace: Trace
    truth: frozenset[int]
    head: tuple[int, int] | None = None


def brackets(seed: int) -> Iterator[Example]:
    """Yield masked brackets; the truth is the partner, which alone says the kind."""
    model, tokenizer = load("brackets")
    rng = Random(seed)
    while True:
        example = random_example(rng, held_out=True)
        (place,) = example.masked
        trace = capture(model, example.prompt, tokenizer=tokenizer)
        truth = frozenset({partner(example.text)[place] + 1})
        yield Example(_aimed(trace, place + 1), truth)


def induction(seed: int) -> Iterator[Example]:
    """Yield repeated words; the truth is what followed the word the first time."""
    model, tokenizer = load("induction")
    rng = Random(seed)
    while True:
        text = random_repeat(rng, held_out=True)
        places = [(i, source) for i, source in enumerate(sources(text)[:-1]) if source is not None]
        place, source = rng.choice(places)
        trace = capture(model, text, tokenizer=tokenizer)
        yield Example(_aimed(trace, place + 1), frozenset({source + 1}))


def dates(seed: int) -> Iterator[Example]:
    """Yield digits of ISO dates; the truth is every character of the field they belong to."""
    model, tokenizer = load("dates")
    rng = Random(seed)
    while True:
        example = random_date(rng, held_out=True)
        name = rng.choice(tuple(ISO_FIELDS))
        query = rng.choice(range(len(example.iso))[ISO_FIELDS[name]])
        trace = capture(model, example.text, tokenizer=tokenizer, decoder_text=example.iso)
        field = range(len(example.text))[example.fields[name]]
        yield Example(_aimed(trace, query), frozenset(i + 1 for i in field))


def kinds(seed: int) -> Iterator[Example]:
    """Yield lists with a question; the truth is the word of the kind and the head that finds it."""
    model, tokenizer = load("kinds")
    rng = Random(seed)
    while True:
        asked = random_list(rng, held_out=True)
        trace = _aimed(capture(model, asked.text, tokenizer=tokenizer), -1)
        yield Example(trace, frozenset({asked.source + 1}), HEADS[asked.kind])


def kinds_by_logit(seed: int) -> Iterator[Example]:
    """Yield the same lists, with the logit as target."""
    for example in kinds(seed):
        yield example._replace(trace=example.trace.with_target(("logit", -1, None)))


EXAMPLES: dict[str, Callable[[int], Iterator[Example]]] = {
    "brackets": brackets,
    "induction": induction,
    "dates": dates,
    "kinds": kinds,
}


def _aimed(trace: Trace, query: int) -> Trace:
    """Return a trace whose target is the log-probability of what is predicted at a token."""
    return trace.with_target(("log_prob", query, None))
