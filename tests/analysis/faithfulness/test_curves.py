"""Deletion and insertion curves of a model that is worked out by hand."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest

import attnwidget as aw
from tests.analysis.faithfulness.mean_model import mean_trace, mean_without, worth

IDS = [0, 1, 2, 3, 4]
SHARES = (0.25, 0.5, 0.75)


def table(**keywords):
    options = {"shares": SHARES, **keywords}
    return aw.faithfulness(mean_trace(IDS), {"worth": worth}, progress=False, **options)


@pytest.mark.parametrize("removal", ["cut", "remove"])
def test_the_curves_are_those_worked_out_by_hand(removal) -> None:
    # Tokens 1 to 4 are worth 8, 4, 2, 1; the first one is worth 0, predicts and stays.
    found = table(removal=removal)["worth"]
    whole = 15 / 5
    np.testing.assert_allclose(found.deletion, [whole - 7 / 4, whole - 3 / 3, whole - 1 / 2])
    np.testing.assert_allclose(found.insertion, [whole - 8 / 2, whole - 12 / 3, whole - 14 / 4])
    assert found.comprehensiveness.value == pytest.approx(np.mean([1.25, 2, 2.5]))
    assert found.sufficiency.value == pytest.approx(np.mean([-1, -1, -0.5]))


def test_cut_is_the_default_where_it_deletes_everything() -> None:
    assert table().removal == "cut"


def test_leaving_one_out_is_exact_and_the_best_order_of_an_additive_model() -> None:
    found = table()
    np.testing.assert_allclose(found["leave-one-out"].deletion, found["worth"].deletion)


def test_the_order_of_lowest_worth_is_worse_than_chance_and_the_other_better() -> None:
    methods = {"worth": worth, "upside down": lambda trace: -worth(trace)}
    found = aw.faithfulness(mean_trace(IDS), methods, shares=SHARES, progress=False)
    assert found["worth"].over_random.value > 0 > found["upside down"].over_random.value


def test_random_orders_have_the_mean_of_all_orders_within_their_spread() -> None:
    found = table(random_orders=60)
    expected = [
        np.mean([3 - mean_without(IDS, set(order[: round(share * 4)])) for share in SHARES])
        for order in permutations([1, 2, 3, 4])
    ]
    random = found["random order"]
    error = random.spread / np.sqrt(60)
    assert abs(random.comprehensiveness.value - np.mean(expected)) < 3 * error
    assert random.spread == pytest.approx(np.std(expected), rel=0.3)
    assert found.random_deletion.shape == (60, 3)
    np.testing.assert_allclose(found.random_deletion.mean(0), random.deletion)


def test_a_seed_gives_the_same_table_again_and_another_one_another() -> None:
    one, again, other = (table(seed=seed).to_dict() for seed in (1, 1, 2))
    assert str(one) == str(again)
    assert one["random_deletion"] != other["random_deletion"]


def test_equal_scores_are_put_into_a_random_order() -> None:
    flat = {"flat": lambda trace: 0 * worth(trace)}
    firsts = {
        float(aw.faithfulness(mean_trace(IDS), flat, shares=(0.25,), seed=seed)["flat"].deletion[0])
        for seed in range(12)
    }
    assert len(firsts) > 2


def test_means_and_intervals_are_over_the_texts() -> None:
    from scipy.stats import t

    texts = [[0, 1, 2, 3], [0, 5, 6, 4], [0, 2, 2, 1]]
    found = aw.faithfulness(
        [mean_trace(ids) for ids in texts], {"worth": worth}, shares=(0.34,), progress=False
    )["worth"]
    falls = [
        np.mean([*map(float, worth(mean_trace(ids)))]) - mean_without(ids, {best})
        for ids, best in zip(texts, (1, 1, 3), strict=True)
    ]
    np.testing.assert_allclose(found.per_text["comprehensiveness"], falls)
    low, high = t.interval(0.95, 2, np.mean(falls), np.std(falls, ddof=1) / np.sqrt(3))
    estimate = found.comprehensiveness
    assert (estimate.low, estimate.high) == pytest.approx((low, high))


def test_the_rank_of_the_truth_and_what_chance_would_give() -> None:
    found = aw.faithfulness(mean_trace(IDS), {"worth": worth}, truth=2, progress=False)
    assert found["worth"].first.value == 0
    assert found["worth"].mean_rank.value == 2
    assert found["random order"].first.value == 1 / 4
    assert found["random order"].mean_rank.value == 5 / 2
    either = aw.faithfulness(mean_trace(IDS), {"worth": worth}, truth=[4, 1], progress=False)
    assert either["worth"].first.value == 1
    assert either["random order"].first.value == 1 / 2


def test_equal_scores_share_their_ranks() -> None:
    flat = {"flat": lambda trace: 0 * worth(trace)}
    found = aw.faithfulness(mean_trace(IDS), flat, truth=1, progress=False)
    assert found["flat"].mean_rank.value == 5 / 2
    assert found["flat"].first.value == 0
