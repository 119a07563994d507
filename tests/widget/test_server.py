import logging
import threading

import numpy as np
import pytest

from attnwidget import AttentionWidget
from attnwidget.frames import Frame, Workspace, make_frame
from attnwidget.widget import server
from tests.frames.traces import long_trace, pair_trace
from tests.widget.comm import connect


def ask(comm, content):
    comm.deliver({"method": "custom", "content": content})
    return comm.take("custom")


@pytest.fixture
def comm():
    widget = AttentionWidget(pair_trace())
    yield connect(widget)
    widget.close()


@pytest.mark.parametrize("kind", ["rows", "summary", "thumbnails"])
def test_a_request_is_answered_with_its_frame(comm, kind):
    ((reply, (data,)),) = ask(
        comm, {"type": "request", "id": 7, "want": {"kind": kind, "layer": 1}}
    )
    assert reply == {"type": "reply", "id": 7}
    assert data == make_frame(Workspace(pair_trace()), {"kind": kind, "layer": 1}).to_bytes()


def test_a_bad_request_is_answered_with_what_is_wrong(comm):
    ((failure, buffers),) = ask(
        comm, {"type": "request", "id": 8, "want": {"kind": "rows", "layer": 5}}
    )
    assert buffers == []
    assert (failure["type"], failure["id"], failure["error"]["name"]) == (
        "failure",
        8,
        "IndexError",
    )
    assert "there are 2 layers" in failure["error"]["message"]


@pytest.mark.parametrize("want", [None, 3, "rows", [], {}, {"kind": {}}, {"kind": "rows", 3: 4}])
def test_a_malformed_request_is_answered(comm, want):
    ((failure, _),) = ask(comm, {"type": "request", "id": 1, "want": want})
    assert failure["type"] == "failure"


@pytest.mark.parametrize(
    "content", [None, 3, "x", [], {}, {"type": "reply"}, {"type": ["request"]}]
)
def test_what_is_no_request_is_left_alone(comm, content):
    assert ask(comm, content) == []
    assert ask(comm, {"type": "request", "want": {"kind": "rows"}})[0][0] == {
        "type": "reply",
        "id": None,
    }


def test_the_unexpected_is_shown_and_logged(comm, monkeypatch, caplog):
    def burst(workspace, want, progress):
        raise RuntimeError("out of luck")

    monkeypatch.setattr(server, "make_frame", burst)
    with caplog.at_level(logging.ERROR):
        ((failure, _),) = ask(comm, {"type": "request", "id": 2, "want": {"kind": "rows"}})
    assert failure["error"] == {"name": "RuntimeError", "message": "out of luck"}
    assert caplog.records[0].exc_info is not None


def test_requests_on_many_threads_are_answered_right():
    trace = long_trace(90, heads=4, causal=True)
    expected = {
        head: make_frame(Workspace(trace), {"kind": "rows", "heads": [head]}).to_bytes()
        for head in range(4)
    }
    widget = AttentionWidget(long_trace(90, heads=4, causal=True))
    comm = connect(widget)
    begin = threading.Barrier(8)

    def work(worker):
        begin.wait()
        for turn in range(12):
            head = (worker + turn) % 4
            want = {"kind": "rows", "heads": [head]}
            widget.set_state({"heads": [head], "hide_first": bool(turn % 2)})
            comm.deliver(
                {"method": "custom", "content": {"type": "request", "id": head, "want": want}}
            )

    threads = [threading.Thread(target=work, args=(worker,)) for worker in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    answers = comm.take("custom")
    assert len(answers) == 96
    assert all(data == expected[reply["id"]] for reply, (data,) in answers)
    rows = Frame.from_bytes(widget.snapshot)
    assert rows.want["heads"] == widget.heads
    assert np.asarray(rows.arrays["weights"]).shape == (1, 90, 90)
