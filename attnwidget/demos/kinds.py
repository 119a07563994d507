"""Lists of words with a question at the end, and the head that must answer it."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from attnwidget.demos.split import is_held_out

KINDS = {
    "colour": ("red", "green", "blue", "yellow", "purple", "orange", "brown", "white"),
    "animal": ("tiger", "horse", "eagle", "mouse", "whale", "sheep", "camel", "snake"),
    "fruit": ("plum", "apple", "grape", "peach", "melon", "cherry", "lemon", "mango"),
    "tool": ("hammer", "saw", "drill", "chisel", "shovel", "rake", "pliers", "wrench"),
}
"""The kinds that are asked for, with the words of each."""

_OTHERS = """
anchor basket bell boat book bridge candle castle chair cloud coin desk dream drum flute forest
garden harbor island kettle ladder letter mirror ocean paper planet river silver stone window
"""

OTHERS = tuple(_OTHERS.split())
"""Words of no kind."""

HEADS = {"colour": (0, 1), "animal": (1, 2), "fruit": (0, 3), "tool": (1, 0)}
"""The layer and the head, counted from 0, that answer the question for each kind.

They are chosen before training; `scripts/train_demos/kinds.py` trains the model so that no other
head can take their place.
"""

MIN_OTHERS = 4
MAX_OTHERS = 20


@dataclass(frozen=True)
class AskedList:
    """A list of words and a question.

    Attributes
    ----------
    text
        The words and the question, separated by spaces: ``"river plum tiger … red colour?"``.
    kind
        The kind that is asked for, a key of `KINDS` and `HEADS`.
    source
        Position in the text of the only word of this kind. Word i is token i + 1, after ``<s>``.
    """

    text: str
    kind: str
    source: int

    @property
    def answer(self) -> str:
        """The word of the kind that is asked for."""
        return self.text.split()[self.source]


def question(kind: str) -> str:
    """Return the word that asks for a kind: ``"colour?"``."""
    return f"{kind}?"


def read_list(text: str) -> AskedList:
    """Return a text with the position of its answer.

    Parameters
    ----------
    text
        Words separated by white space, a question last.

    Raises
    ------
    ValueError
        The last word is no question, or the words before it hold no word of the kind, or several.
    """
    *words, last = text.split() or [""]
    kind = next((each for each in KINDS if question(each) == last), None)
    if kind is None:
        known = ", ".join(repr(question(each)) for each in KINDS)
        raise ValueError(f"The last word must be one of {known}, but it is {last!r}.")
    places = [place for place, word in enumerate(words) if word in KINDS[kind]]
    if len(places) != 1:
        raise ValueError(
            f"The list must hold exactly one {kind}, but it holds {len(places)}: it has one answer "
            f"only then. The words of this kind are {', '.join(KINDS[kind])}."
        )
    return AskedList(" ".join((*words, last)), kind, places[0])


def random_list(rng: Random, *, held_out: bool) -> AskedList:
    """Draw a list with one word of each kind among `MIN_OTHERS` to `MAX_OTHERS` other words.

    Parameters
    ----------
    rng
        Source of randomness; the same state gives the same list and question.
    held_out
        True draws from the test set, False from the training set. A list of the test set occurs in
        training with no question.
    """
    while True:
        words = [rng.choice(each) for each in KINDS.values()]
        words += rng.sample(OTHERS, rng.randint(MIN_OTHERS, MAX_OTHERS))
        rng.shuffle(words)
        kind = rng.choice(tuple(KINDS))
        if is_held_out(" ".join(words)) == held_out:
            return read_list(" ".join((*words, question(kind))))
