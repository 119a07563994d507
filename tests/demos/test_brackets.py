"""The bracket strings and the partner of each bracket."""

from itertools import product
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnwidget.demos.brackets import (
    MASK,
    MAX_DEPTH,
    MAX_PAIRS,
    PAIRS,
    partner,
    random_brackets,
    random_example,
)

SEEDS = st.integers(0, 2**32)
BRACKETS = [bracket for pair in PAIRS for bracket in pair]


def is_balanced(text: str) -> bool:
    """Remove closed pairs until none is left: no stack, unlike the code under test."""
    before = None
    while text != before:
        before = text
        for opener, closer in PAIRS:
            text = text.replace(opener + closer, "")
    return text == ""


@given(SEEDS, st.booleans())
def test_strings_are_balanced_and_within_the_limits(seed, held_out):
    text = random_brackets(Random(seed), held_out=held_out)
    assert is_balanced(text)
    assert 4 <= len(text) <= 2 * MAX_PAIRS
    openers = {opener for opener, _ in PAIRS}
    depth = deepest = 0
    for bracket in text:
        depth += 1 if bracket in openers else -1
        deepest = max(deepest, depth)
    assert deepest <= MAX_DEPTH


@given(SEEDS)
def test_partner_is_an_involution_without_fixed_points(seed):
    text = random_brackets(Random(seed), held_out=False)
    partners = partner(text)
    assert all(partners[partners[i]] == i != partners[i] for i in range(len(text)))


@given(SEEDS)
def test_partners_are_of_one_kind_and_hold_a_balanced_string(seed):
    text = random_brackets(Random(seed), held_out=False)
    for i, j in enumerate(partner(text)):
        first, last = min(i, j), max(i, j)
        assert (text[first], text[last]) in PAIRS
        assert is_balanced(text[first + 1 : last])


def test_partner_of_a_known_string():
    assert partner("([]{<>})") == (7, 2, 1, 6, 5, 4, 3, 0)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("(]", r"'\]' at position 1 .* closes no open bracket"),
        (")", "closes no open bracket"),
        ("[()", r"'\[' at position 0 .* never closed"),
        (f"({MASK}", "Position 2 .* holds 'M'"),
    ],
)
def test_partner_says_what_is_wrong(text, complaint):
    with pytest.raises(ValueError, match=complaint):
        partner(text)


@given(SEEDS, st.booleans())
def test_the_visible_brackets_determine_the_hidden_ones(seed, held_out):
    example = random_example(Random(seed), held_out=held_out, share=0.2)
    hidden = example.masked[:3]
    fitting = []
    for filling in product(BRACKETS, repeat=len(hidden)):
        text = list(example.text)
        for i, bracket in zip(hidden, filling, strict=True):
            text[i] = bracket
        if is_balanced("".join(text)):
            fitting.append("".join(text))
    assert fitting == [example.text]


@given(SEEDS)
def test_one_bracket_is_hidden_unless_a_share_is_given(seed):
    example = random_example(Random(seed), held_out=True)
    (i,) = example.masked
    assert example.prompt == example.text[:i] + MASK + example.text[i + 1 :]
