"""The repeated sequences and where each repeated word can be read off."""

from collections import Counter
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from attnwidget.demos.induction import (
    MAX_BLOCK,
    MAX_PIECES,
    MIN_BLOCK,
    WORDS,
    random_repeat,
    sources,
)

SEEDS = st.integers(0, 2**32)


@given(SEEDS, st.booleans())
def test_every_word_of_a_block_is_said_exactly_twice(seed, held_out):
    words = random_repeat(Random(seed), held_out=held_out).split()
    length, odd = divmod(len(words), 2)
    assert odd == 0
    assert MIN_BLOCK <= length <= MAX_BLOCK
    assert set(words) <= set(WORDS)
    assert set(Counter(words[:length]).values()) == {1}
    assert sorted(words[:length]) == sorted(words[length:])


@given(SEEDS)
def test_sources_hold_the_word_that_comes_next(seed):
    words = random_repeat(Random(seed), held_out=False).split()
    found = sources(" ".join(words))
    for i, source in enumerate(found[:-1]):
        if source is not None:
            assert source <= i
            assert words[source - 1] == words[i]
            assert words[source] == words[i + 1]


@given(SEEDS)
def test_only_ends_of_pieces_have_no_source(seed):
    words = random_repeat(Random(seed), held_out=False).split()
    found = sources(" ".join(words))
    half = len(words) // 2
    assert found[: half - 1] == (None,) * (half - 1)
    assert found[half:].count(None) < MAX_PIECES


def test_sources_of_known_texts():
    assert sources("bird stone bell bird stone bell") == (None, None, None, 1, 2, 3)
    assert sources("bird stone bell tiger bell tiger bird stone") == (
        *(None, None, None, None),
        *(3, None, 1, 2),
    )
    assert sources("") == ()
