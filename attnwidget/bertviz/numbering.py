"""Which layers and heads of the model those are that were kept and numbered anew."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Kept:
    """What a stream keeps of its layers or of its heads.

    Attributes
    ----------
    stream
        Its name.
    axis
        ``"layer"`` or ``"head"``.
    places
        The numbers that the model gives them, in the order in which they are shown.
    size
        How many the stream had.
    """

    stream: str
    axis: str
    places: list[int]
    size: int


def numbering(kept: Sequence[Kept]) -> str:
    """Say what the numbers on the screen mean, of each stream where they mean different things."""
    sentences = [_sentence(each) for each in kept]
    if len(set(sentences)) == 1:
        return sentences[0]
    return "; ".join(
        f"{each.stream}: {sentence}" for each, sentence in zip(kept, sentences, strict=True)
    )


def _sentence(kept: Kept) -> str:
    shown = list(range(len(kept.places)))
    one = len(shown) == 1
    axis = kept.axis if one else f"{kept.axis}s"
    theirs = f"{axis} {_listed(kept.places)} of {kept.size}"
    if kept.places == shown:
        return theirs
    return f"{axis} {_listed(shown)} here {'is' if one else 'are'} {theirs}"


def _listed(places: Sequence[int]) -> str:
    first, last = places[0], places[-1]
    if len(places) > 2 and list(places) == list(range(first, last + 1)):
        return f"{first} to {last}"
    return ", ".join(map(str, places))
