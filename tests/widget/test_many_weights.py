"""Requests for many weights: beside other requests, stopped between two blocks of rows."""

from __future__ import annotations

import threading

import pytest

from attnwidget import AttentionWidget
from attnwidget.frames import Workspace, make_frame, visible_rows
from attnwidget.frames.make import is_quick
from attnwidget.shared import LIMITS
from tests.frames.traces import pair_trace
from tests.wait import SECONDS, wait_until
from tests.widget.comm import connect
from tests.widget.test_jobs import ask, messages, send

WANTS = [{"kind": "rows"}, {"kind": "thumbnails"}, {"kind": "summary"}]


@pytest.mark.parametrize("want", WANTS, ids=lambda want: want["kind"])
def test_few_weights_are_quick_and_many_are_not(monkeypatch, want):
    workspace = Workspace(pair_trace())
    assert is_quick(workspace, want)
    monkeypatch.setitem(LIMITS["requests"], "quick_weights", 10)
    assert not is_quick(workspace, want)


@pytest.mark.parametrize("want", WANTS, ids=lambda want: want["kind"])
def test_their_progress_is_in_rows_and_may_interrupt(monkeypatch, want):
    monkeypatch.setattr("attnwidget.trace.softmax.BLOCK_ELEMENTS", 1)
    monkeypatch.setattr(visible_rows, "BLOCK_ELEMENTS", 1)
    workspace = Workspace(pair_trace())
    told = []

    def report(done: int, total: int) -> None:
        told.append((done, total))
        if len(told) == 3:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        make_frame(workspace, want, report)
    queries = len(workspace.trace["self"].queries)
    assert told == [(0, queries), (1, queries), (2, queries)]


def test_they_stop_when_they_are_cancelled_and_hold_up_nothing(monkeypatch):
    monkeypatch.setitem(LIMITS["requests"], "quick_weights", 10)
    monkeypatch.setattr(visible_rows, "BLOCK_ELEMENTS", 1)
    begun, may_go_on, made = threading.Event(), threading.Event(), []
    rows_of = visible_rows.rows_of

    def waiting(*arguments):
        rows = rows_of(*arguments)

        def some(queries):
            begun.set()
            assert may_go_on.wait(SECONDS)
            made.append(queries)
            return rows(queries)

        return some

    widget = AttentionWidget(pair_trace())
    widget.fake = connect(widget)
    assert widget.snapshot is not None
    monkeypatch.setattr(visible_rows, "rows_of", waiting)
    ask(widget, 1, {"kind": "rows"})
    assert begun.wait(SECONDS)
    ask(widget, 2, {"kind": "rows", "layer": 99})
    assert [each["id"] for each, _ in messages(widget, "failure")] == [2]
    send(widget, type="cancel", id=1)
    may_go_on.set()
    ask(widget, 3, {"kind": "rows", "layer": 1})
    wait_until(lambda: 3 in [each["id"] for each, _ in messages(widget, "reply")])
    queries = len(widget.trace["self"].queries)
    assert len(made) == 1 + queries  # one block of the first, all of the second
    assert [each["id"] for each, _ in messages(widget, "failure")] == [2, 1]
    widget.close()
