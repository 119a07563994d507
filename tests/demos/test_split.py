"""Training and test sets are disjoint."""

from random import Random

import pytest

from attnwidget.demos.brackets import random_brackets
from attnwidget.demos.dates import random_date
from attnwidget.demos.induction import random_repeat
from attnwidget.demos.kinds import random_list
from attnwidget.demos.split import is_held_out


def block(text: str) -> str:
    words = text.split()
    return " ".join(words[: len(words) // 2])


DRAWS = {
    "brackets": random_brackets,
    "induction": lambda rng, held_out: block(random_repeat(rng, held_out=held_out)),
    "dates": lambda rng, held_out: random_date(rng, held_out=held_out).iso,
    "kinds": lambda rng, held_out: random_list(rng, held_out=held_out).text.rpartition(" ")[0],
}


@pytest.mark.parametrize("name", DRAWS)
def test_nothing_is_in_both_sets(name):
    rng = Random(0)
    training = {DRAWS[name](rng, held_out=False) for _ in range(1000)}
    test = {DRAWS[name](rng, held_out=True) for _ in range(1000)}
    assert len(training) > 500
    assert training.isdisjoint(test)


@pytest.mark.parametrize("name", DRAWS)
def test_the_same_seed_draws_the_same(name):
    draw = DRAWS[name]
    assert draw(Random(7), held_out=False) == draw(Random(7), held_out=False)


def test_about_one_in_ten_is_held_out():
    assert 900 < sum(is_held_out(str(i)) for i in range(10_000)) < 1100
