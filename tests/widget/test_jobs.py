"""What takes long: on other threads, with news of it, cancelled and closed."""

import gc
import threading
import time
import weakref

import pytest

from attnwidget import AttentionWidget
from attnwidget.frames import Frame, Workspace, make_frame, score_rows
from attnwidget.widget import jobs, server
from tests.frames.traces import long_trace, pair_trace
from tests.wait import SECONDS, wait_until
from tests.widget.comm import connect

SLOW = {"kind": "rows", "method": "rollout", "layer": 1}
QUICK = {"kind": "rows"}


class Held:
    """Stands for a method that goes on until it is told to end."""

    def __init__(self, monkeypatch):
        self.begun, self.end = threading.Event(), threading.Event()
        self.may_report = threading.Event()
        self.may_report.set()
        self.running = self.most = 0
        self.stopped = []
        self._lock = threading.Lock()
        monkeypatch.setattr(server, "make_frame", self)

    def __call__(self, workspace, want, progress):
        if progress is False:
            return make_frame(workspace, want, progress)
        with self._lock:
            self.running += 1
            self.most = max(self.most, self.running)
        self.begun.set()
        try:
            steps = 0
            assert self.may_report.wait(SECONDS)
            while not self.end.wait(0.005):
                steps += 1
                progress(steps, 10_000)
        except BaseException as error:
            self.stopped.append(error)
            raise
        finally:
            with self._lock:
                self.running -= 1
        return make_frame(workspace, want, False)  # reports no steps of its own


@pytest.fixture
def held(monkeypatch):
    made = Held(monkeypatch)
    yield made
    made.end.set()


@pytest.fixture
def widget():
    made = AttentionWidget(pair_trace())
    made.fake = connect(made)
    yield made
    made.close()


def send(widget, **content):
    widget.fake.deliver({"method": "custom", "content": content})


def ask(widget, identity, want):
    send(widget, type="request", id=identity, want=want)


def messages(widget, kind=None):
    """Return the custom messages so far, of one type."""
    sent = list(widget.fake.messages)
    custom = [(data["content"], buffers) for data, buffers in sent if data["method"] == "custom"]
    return [each for each in custom if kind is None or each[0]["type"] == kind]


def test_what_takes_long_is_answered_later_and_right(widget):
    ask(widget, 1, SLOW)
    wait_until(lambda: messages(widget, "reply"))
    ((reply, (data,)),) = messages(widget, "reply")
    assert reply == {"type": "reply", "id": 1}
    assert data == make_frame(Workspace(pair_trace()), SLOW).to_bytes()
    widget.fake.messages.clear()
    ask(widget, 2, SLOW)  # it is kept now
    assert [each["id"] for each, _ in messages(widget, "reply")] == [2]


def test_nothing_else_waits_for_it(widget, held):
    ask(widget, 1, SLOW)
    assert held.begun.wait(SECONDS)
    ask(widget, 2, QUICK)
    assert [each["id"] for each, _ in messages(widget, "reply")] == [2]
    widget.layer = 1
    assert widget.snapshot is not None
    held.end.set()
    wait_until(lambda: len(messages(widget, "reply")) == 2)


def test_news_come_at_most_ten_times_a_second(widget, held):
    begun = time.monotonic()
    held.may_report.clear()
    ask(widget, 7, SLOW)
    wait_until(lambda: messages(widget, "progress"))
    held.may_report.set()
    wait_until(lambda: len(messages(widget, "progress")) >= 4)
    held.end.set()
    wait_until(lambda: messages(widget, "reply"))
    took = time.monotonic() - begun
    news = [each for each, _ in messages(widget, "progress")]
    assert len(news) <= took / jobs.NEWS_EVERY + 1
    assert news[0] == {"type": "progress", "id": 7, "done": 0, "total": 1, "what": "rollout"}
    assert news[-1]["total"] == 10_000
    done = [each["done"] for each in news]
    assert done == sorted(set(done))
    time.sleep(3 * jobs.NEWS_EVERY)
    assert messages(widget)[-1][0]["type"] == "reply"


def test_a_job_without_news_gives_a_sign_of_life(widget, monkeypatch):
    monkeypatch.setattr(jobs, "SIGN_OF_LIFE", 0.05)
    end = threading.Event()
    monkeypatch.setattr(server, "make_frame", lambda *_: end.wait(SECONDS) and make_frame(*_))
    ask(widget, 1, SLOW)
    wait_until(lambda: len(messages(widget, "progress")) >= 3)
    assert {each["done"] for each, _ in messages(widget, "progress")} == {0}
    end.set()
    wait_until(lambda: messages(widget, "reply"))


def test_cancelling_is_answered_at_once_and_stops_the_work(widget, held):
    ask(widget, 5, SLOW)
    assert held.begun.wait(SECONDS)
    send(widget, type="cancel", id=5)
    ((failure, _),) = messages(widget, "failure")
    assert failure["id"] == 5
    assert failure["error"]["name"] == "Cancelled"
    wait_until(lambda: held.stopped)
    assert isinstance(held.stopped[0], jobs.CancelledError)
    send(widget, type="cancel", id=5)
    send(widget, type="cancel", id=6)
    assert len(messages(widget, "failure")) == 1
    held.end.set()
    ask(widget, 6, SLOW)
    wait_until(lambda: messages(widget, "reply"))
    assert [each["id"] for each, _ in messages(widget, "reply")] == [6]


def test_few_jobs_run_at_once_and_those_that_wait_can_be_cancelled(widget, held):
    for identity in range(6):
        ask(widget, identity, SLOW)
    wait_until(lambda: held.running == jobs.AT_ONCE)
    send(widget, type="cancel", id=5)
    wait_until(lambda: {each["id"] for each, _ in messages(widget, "progress")} >= set(range(5)))
    held.end.set()
    wait_until(lambda: len(messages(widget, "reply")) == 5)
    assert held.most == jobs.AT_ONCE
    assert {each["id"] for each, _ in messages(widget, "reply")} == set(range(5))


def test_closing_stops_and_frees(held):
    trace = long_trace(40)
    reference = weakref.ref(trace)
    widget = AttentionWidget(trace)
    del trace
    widget.fake = connect(widget)
    ask(widget, 1, SLOW | {"layer": 0})
    assert held.begun.wait(SECONDS)
    widget.close()
    wait_until(lambda: held.stopped)
    held.stopped.clear()
    gc.collect()
    assert reference() is None
    assert not messages(widget, "reply")
    assert not messages(widget, "failure")


def test_what_goes_wrong_on_a_thread_is_answered(widget, monkeypatch, caplog):
    def burst(*_):
        raise RuntimeError("out of luck")

    monkeypatch.setattr(server, "make_frame", burst)
    ask(widget, 1, SLOW)
    wait_until(lambda: messages(widget, "failure"))
    ((failure, _),) = messages(widget, "failure")
    assert failure["error"] == {"name": "RuntimeError", "message": "out of luck"}
    assert caplog.records[0].exc_info is not None


def test_a_refusal_comes_at_once(widget):
    ask(widget, 1, {"kind": "rows", "method": "relevance"})
    ((failure, _),) = messages(widget, "failure")
    assert failure["error"]["name"] == "ValueError"
    assert "made from arrays" in failure["error"]["message"]


def test_the_same_request_twice_is_computed_once(widget, monkeypatch):
    calls = []
    both_asked = threading.Event()

    def counted(*arguments, **keywords):
        calls.append(arguments)
        assert both_asked.wait(SECONDS)
        return full_product(*arguments, **keywords)

    full_product = score_rows.full_product
    monkeypatch.setattr(score_rows, "full_product", counted)
    for identity in range(2):
        ask(widget, identity, SLOW)
    both_asked.set()
    wait_until(lambda: len(messages(widget, "reply")) == 2)
    assert len(calls) == 2  # one for each layer
    first, second = (data for _, (data,) in messages(widget, "reply"))
    assert first == second


def test_a_snapshot_never_waits(widget, held):
    with widget.hold_trait_notifications():
        widget.method, widget.layer = "rollout", 1
    assert widget.snapshot is None
    assert widget.get_state("layer") == {"layer": 1, "snapshot": None}
    held.end.set()
    ask(widget, 1, SLOW)
    wait_until(lambda: messages(widget, "reply"))
    frame = Frame.from_bytes(widget.snapshot)
    assert (frame.want["method"], frame.want["layer"]) == ("rollout", 1)
