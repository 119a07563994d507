"""The runs that are said beforehand and those on top are those made, counted at the model."""

import pytest

import attnwidget as aw
from attnwidget.capture.changes import batches

BASE = 1
"""The run without changes, made once for each target."""

VERIFIED = 3
"""Runs that verify that several at once are what each is alone."""


@pytest.fixture
def counted():
    """A new trace, and the number of inputs that its model reads in each forward pass."""
    trace, made = aw.demo("brackets"), []
    module = trace.gradients._shared.rerun.model.module
    hook = module.register_forward_pre_hook(
        lambda _, given, named: made.append(len(named.get("input_ids", given[0] if given else ()))),
        with_kwargs=True,
    )
    trace.predictions()
    made.clear()
    yield trace, made
    hook.remove()


@pytest.mark.parametrize("by", ["key", "head", "edge"])
@pytest.mark.parametrize("at_once", [1, 64])
def test_of_cuts(counted, by, at_once, monkeypatch):
    monkeypatch.setattr(batches, "MOST_RUNS", at_once)
    trace, made = counted
    runs = aw.runs_of(trace, by)
    assert made == []
    on_top = VERIFIED if at_once > 1 else 0
    aw.knockout_effects(trace, by, exact=True)
    assert sum(made) == runs + on_top + BASE
    made.clear()
    aw.knockout_effects(trace, by, exact=True)
    assert sum(made) == runs + on_top


@pytest.mark.parametrize("replacements", [None, ["(", ")"]])
def test_of_other_tokens(counted, replacements):
    trace, made = counted
    runs = aw.runs_of(trace, "counterfactual", replacements=replacements)
    assert made == []
    aw.counterfactual(trace, replacements=replacements)
    assert sum(made) == runs + VERIFIED + BASE


def test_of_faithfulness(counted):
    trace, made = counted
    table = aw.faithfulness(trace, ["attention"], random_orders=2)
    keys = len(trace.tokens)
    assert table.runs <= 1 + keys + 2 * len(table.shares) * (1 + 2 + 1)
    assert table.runs <= sum(made) <= table.runs + 2 + BASE
