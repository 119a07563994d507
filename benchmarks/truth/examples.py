"""Unseen inputs of the models in the box, with the true source of one prediction of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from random import Random

from attnwidget.capture import capture
from attnwidget.demos import load
from attnwidget.demos.brackets import partner, random_example
from attnwidget.demos.dates import ISO_FIELDS, random_date
from attnwidget.demos.induction import random_repeat, sources
from attnwidget.trace import Tokens, Trace


@dataclass(frozen=True)
class Example:
    """One prediction and what it must have been read off.

    Attributes
    ----------
    trace
        A trace of a demo model.
    stream
        Whose keys are ranked.
    query
        The token at which the prediction is made.
    index
        The predicted token, as an index into the vocabulary.
    truth
        The keys that say the answer; one of them is enough.
    candidates
        The keys that are ranked: every token but special ones, the query itself and, in a causal
        model, later ones.
    """

    trace: Trace
    stream: str
    query: int
    index: int
    truth: frozenset[int]
    candidates: tuple[int, ...]


def brackets(seed: int) -> Iterator[Example]:
    """Yield masked brackets; the truth is the partner, which alone says the kind."""
    model, tokenizer = load("brackets")
    rng = Random(seed)
    while True:
        example = random_example(rng, held_out=True)
        (place,) = example.masked
        trace = capture(model, example.prompt, tokenizer=tokenizer)
        query = place + 1
        truth = frozenset({partner(example.text)[place] + 1})
        candidates = [i for i in _words(trace["self"].keys) if i != query]
        yield _example(trace, "self", query, truth, candidates)


def induction(seed: int) -> Iterator[Example]:
    """Yield repeated words; the truth is what followed the word the first time."""
    model, tokenizer = load("induction")
    rng = Random(seed)
    while True:
        text = random_repeat(rng, held_out=True)
        places = [(i, source) for i, source in enumerate(sources(text)[:-1]) if source is not None]
        place, source = rng.choice(places)
        trace = capture(model, text, tokenizer=tokenizer)
        query = place + 1
        candidates = [i for i in _words(trace["self"].keys) if i < query]
        yield _example(trace, "self", query, frozenset({source + 1}), candidates)


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
        truth = frozenset(i + 1 for i in field)
        yield _example(trace, "cross", query, truth, _words(trace["cross"].keys))


EXAMPLES: dict[str, Callable[[int], Iterator[Example]]] = {
    "brackets": brackets,
    "induction": induction,
    "dates": dates,
}


def _example(
    trace: Trace, stream: str, query: int, truth: frozenset[int], candidates: list[int]
) -> Example:
    (best,) = trace.predictions(query, top=1).entries
    return Example(trace, stream, query, best.index, truth, tuple(candidates))


def _words(tokens: Tokens) -> list[int]:
    return [i for i, special in enumerate(tokens.special) if not special]
