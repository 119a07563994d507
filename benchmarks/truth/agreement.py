"""Subject-verb agreement: sentences whose verb depends on the number of one noun."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product
from random import Random
from typing import Any

from attnwidget.capture import capture

from .examples import Example

SUBJECTS = (
    ("key", "keys"),
    ("picture", "pictures"),
    ("letter", "letters"),
    ("door", "doors"),
    ("book", "books"),
    ("song", "songs"),
    ("teacher", "teachers"),
    ("farmer", "farmers"),
    ("horse", "horses"),
    ("ship", "ships"),
    ("tree", "trees"),
    ("car", "cars"),
)
PLACES = (
    ("near the", ("cabinet", "cabinets")),
    ("behind the old", ("house", "houses")),
    ("from the", ("village", "villages")),
    ("beside the tall", ("tower", "towers")),
    ("next to the", ("window", "windows")),
    ("in front of the", ("building", "buildings")),
    ("above the", ("river", "rivers")),
    ("that belonged to the", ("sailor", "sailors")),
)
LEADS = (
    "I was told yesterday that the",
    "In the morning light, the",
    "As far as anyone knows, the",
    "On the first page of the story, the",
)
ANSWERS = (" is", " are")


def sentences(seed: int) -> list[tuple[str, str, str, int]]:
    """Return beginnings of sentences in random order: before the subject, subject, rest, number.

    The number is 0 for one and 1 for many. The last noun has the other number, so that the nearest
    noun misleads.
    """
    made = [
        (lead, nouns[number], f"{words} {others[1 - number]}", number)
        for lead, nouns, (words, others), number in product(LEADS, SUBJECTS, PLACES, (0, 1))
    ]
    Random(seed).shuffle(made)
    return made


def agreement(model: Any, tokenizer: Any, seed: int) -> Iterator[Example]:
    """Yield sentences that the model goes on with rightly; the truth is the subject.

    The target is the logit of the right verb less that of the wrong one.
    """
    is_, are = (tokenizer(answer)["input_ids"][0] for answer in ANSWERS)
    for lead, subject, rest, number in sentences(seed):
        right, wrong = (are, is_) if number else (is_, are)
        trace = capture(model, f"{lead} {subject} {rest}", tokenizer=tokenizer)
        entries = trace.predictions(-1, top=len(tokenizer)).entries
        likelier = next(each.index for each in entries if each.index in (right, wrong))
        if likelier == right:
            aimed = trace.with_target(("contrast", -1, right, wrong))
            yield Example(aimed, _subject(tokenizer, lead, subject))


def _subject(tokenizer: Any, lead: str, subject: str) -> frozenset[int]:
    """Return the tokens of the subject."""
    first, last = (len(tokenizer(text)["input_ids"]) for text in (lead, f"{lead} {subject}"))
    return frozenset(range(first, last))
