"""Telling how far a method has come."""

import time

import pytest

import attnwidget as aw
from attnwidget.methods import progress
from tests.methods.test_rollout import random_layers


def test_a_function_hears_of_every_step():
    heard = []
    aw.rollout(random_layers(), progress=lambda done, total: heard.append((done, total)))
    assert heard == [(done, 4) for done in range(5)]


@pytest.mark.parametrize("rows", [None, 0])
def test_a_function_may_interrupt(rows):
    def stop(done, total):
        if done == 2:
            raise InterruptedError(f"{done} of {total}")

    with pytest.raises(InterruptedError, match="2 of 4"):
        aw.rollout(random_layers(), rows=rows, progress=stop)


@pytest.mark.parametrize(("chosen", "shows"), [(True, True), (False, False), (None, False)])
def test_bars(capsys, chosen, shows):
    aw.rollout(random_layers(), progress=chosen)
    assert ("rollout: 100%" in capsys.readouterr().err) == shows


def test_a_bar_shows_where_it_takes_long(capsys, monkeypatch):
    monkeypatch.setattr(progress, "DELAY", 0.02)
    for _ in progress.tracked(range(3), None, "long"):
        time.sleep(0.2)
    assert "long:" in capsys.readouterr().err
