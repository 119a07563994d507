"""Random sequences said twice, and the source of each repeated word."""

from __future__ import annotations

from itertools import pairwise
from random import Random

from attnwidget.demos.split import is_held_out

_WORDS = """
acorn anchor apple arrow badge basket beach bell bird boat bone book bread bridge brush
cabin candle castle chair cloud clock coin copper cotton desk dream drum eagle engine feather
fern flame flute forest garden glass harbor honey horse island ivory jacket kettle ladder
lemon linen marble meadow mirror needle ocean olive orbit paper pearl pepper planet river
saddle silver stone tiger velvet window
"""

WORDS = tuple(_WORDS.split())
MIN_BLOCK = 6
MAX_BLOCK = 28
MAX_PIECES = 6


def random_repeat(rng: Random, *, held_out: bool) -> str:
    """Draw a block of `MIN_BLOCK` to `MAX_BLOCK` different words, and repeat it in pieces.

    The repetition cuts the block into 1 to `MAX_PIECES` pieces of at least two words, in random
    order. So the next word within a piece follows only from the word that came next the first
    time, not from the set of words that have not been repeated yet.

    Parameters
    ----------
    rng
        Source of randomness; the same state gives the same text.
    held_out
        True draws from the test set, False from the training set.
    """
    while True:
        block = rng.sample(WORDS, rng.randint(MIN_BLOCK, MAX_BLOCK))
        if is_held_out(" ".join(block)) == held_out:
            return " ".join(block + _shuffled_pieces(rng, block))


def sources(text: str) -> tuple[int | None, ...]:
    """Return for each word the earlier position of the word that comes next.

    Parameters
    ----------
    text
        Words separated by white space.

    Returns
    -------
    tuple of int or None
        For each word, the position after its latest earlier occurrence, which an induction head
        attends to. None for a word that occurs for the first time, and for one that another word
        follows this time. The last word counts as a repeat, although no word follows it.

    Examples
    --------
    >>> sources("bird stone bell bird stone bell")
    (None, None, None, 1, 2, 3)
    """
    words = text.split()
    latest: dict[str, int] = {}
    found: list[int | None] = []
    for i, word in enumerate(words):
        source = latest[word] + 1 if word in latest else None
        if source is not None and words[i + 1 : i + 2] not in ([], [words[source]]):
            source = None
        found.append(source)
        latest[word] = i
    return tuple(found)


def _shuffled_pieces(rng: Random, block: list[str]) -> list[str]:
    places = range(2, len(block) - 1, 2)
    cuts = sorted(rng.sample(places, rng.randint(0, min(MAX_PIECES - 1, len(places)))))
    pieces = [block[i:j] for i, j in pairwise([0, *cuts, len(block)])]
    rng.shuffle(pieces)
    return [word for piece in pieces for word in piece]
