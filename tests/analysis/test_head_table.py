"""The rows of all heads, against single figures and runs without each head."""

import math
from dataclasses import asdict

import numpy as np
import pytest

import attnwidget as aw
from tests.frames.traces import random_weights, translation_trace


@pytest.fixture(scope="module")
def induction():
    return aw.demo("induction")


def test_figures_are_those_of_the_weights(induction):
    rows = aw.head_table(induction)
    heads = [(row.layer, row.head) for row in rows]
    assert heads == [(layer, head) for layer in range(2) for head in range(induction.num_heads)]
    for row in rows:
        weights = induction.attention(row.layer, row.head)[0].double().numpy()
        i, j = np.indices(weights.shape)
        assert row.distance == pytest.approx((weights * abs(i - j)).sum(1).mean(), rel=1e-4)
        assert row.first == pytest.approx(weights[:, 0].mean(), rel=1e-4)
        assert row.itself == pytest.approx(np.diagonal(weights).mean(), rel=1e-4)
        assert row.previous == pytest.approx(np.diagonal(weights, -1).mean(), rel=1e-4)
        entropies = [-sum(p * math.log(p) for p in line if p > 0) for line in weights]
        assert row.effective_tokens == pytest.approx(np.exp(entropies).mean(), rel=1e-4)
        allowed = np.log(np.arange(2, len(weights) + 1))
        assert row.entropy == pytest.approx((entropies[1:] / allowed).mean(), rel=1e-4)


def test_effects_are_estimates_and_on_demand_exact(induction):
    target = ("logit", -1, 3)
    rows = aw.head_table(induction, target=target, exact=True)
    for name, exact in (("effect", False), ("exact_effect", True)):
        found = aw.knockout_effects(induction, "head", target=target, exact=exact)
        assert [getattr(row, name) for row in rows] == pytest.approx(found.flatten().tolist())
    cut = aw.knockout(induction, aw.Cut(layers=0, heads=1, mode="zero"), target=target)
    assert rows[1].exact_effect == pytest.approx(cut.change, abs=1e-4)
    without = aw.head_table(induction, effects=False)
    assert {row.effect for row in without} == {row.exact_effect for row in without} == {None}


def test_rows_are_plain_data_that_sorts():
    rows = aw.head_table([random_weights(3, 4, 4, seed=seed) for seed in range(2)])
    falling = sorted(rows, key=lambda row: row.entropy, reverse=True)
    assert falling[0].entropy == max(row.entropy for row in rows)
    assert asdict(rows[0])["effect"] is None
    pandas = pytest.importorskip("pandas")
    assert list(pandas.DataFrame(rows)["head"]) == [0, 1, 2] * 2


def test_between_different_texts_nothing_is_near():
    rows = aw.head_table(translation_trace(), stream="cross")
    assert {(row.distance, row.itself, row.previous) for row in rows} == {(None, None, None)}
    assert all(0 <= row.first <= 1 for row in rows)


def test_what_cannot_be_known_is_refused():
    arrays = [random_weights(2, 3, 3)]
    for keywords in ({"exact": True}, {"target": ("logit", -1, 0)}):
        with pytest.raises(ValueError, match="leave out target and exact"):
            aw.head_table(arrays, **keywords)
    with pytest.raises(ValueError, match="'nowhere'"):
        aw.head_table(arrays, stream="nowhere")


def test_progress_can_stop_it():
    told = []
    aw.head_table([random_weights(2, 3, 3)] * 3, progress=lambda *at: told.append(at))
    assert told[-1] == (3, 3)

    def stop(done, _):
        if done == 1:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        aw.head_table([random_weights(2, 3, 3)] * 3, progress=stop)
