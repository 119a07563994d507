"""Describe the layers and heads that were kept and numbered anew."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Kept:
    """The layers or the heads that a stream keeps.

    Attributes
    ----------
    stream
        Name of the stream.
    axis
        ``"layer"`` or ``"head"``.
    places
        Indices of the kept ones in the model, in the order in which they are shown.
    size
        Number of layers or heads in the model.
    """

    stream: str
    axis: str
    places: list[int]
    size: int


def numbering(kept: Sequence[Kept]) -> str:
    """Return a sentence that explains the new numbers, one for each stream if they differ."""
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
