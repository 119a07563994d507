"""Messages from threads arrive over Jupyter's own channels, also while a cell runs."""

from contextlib import contextmanager

import pytest
from jupyter_client.manager import start_new_kernel

from tests.wait import SECONDS

SETUP = """
import numpy as np, attnwidget as aw
weights = np.random.default_rng(0).random((4, 2, 24, 24))
weights /= weights.sum(-1, keepdims=True)
widget = aw.AttentionWidget(list(weights), tokens=[str(place) for place in range(24)])
"""
BUSY = "import threading; threading.Event().wait()"
SLOW = {"kind": "rows", "method": "rollout", "layer": 3}


@contextmanager
def kernel():
    manager, client = start_new_kernel(startup_timeout=SECONDS)
    try:
        yield client
    finally:
        client.stop_channels()
        manager.shutdown_kernel(now=True)


def messages(client, until):
    """Return all messages on the public channel until one of them is what is waited for."""
    found = []
    while not (found and until(found[-1])):
        found.append(client.get_iopub_msg(timeout=SECONDS))
    return found


def is_reply(message):
    return message["msg_type"] == "comm_msg" and content(message).get("type") == "reply"


def content(message):
    return message["content"]["data"].get("content", {})


@pytest.fixture
def client():
    with kernel() as made:
        yield made


@pytest.mark.slow
def test_an_answer_comes_while_a_cell_runs(client):
    executed = client.execute(SETUP)
    opened = messages(
        client,
        lambda message: (
            message["content"].get("execution_state") == "idle"
            and message["parent_header"]["msg_id"] == executed
        ),
    )
    (comm,) = [
        message["content"]["comm_id"]
        for message in opened
        if message["msg_type"] == "comm_open" and "about" in message["content"]["data"]["state"]
    ]
    data = {"method": "custom", "content": {"type": "request", "id": 9, "want": SLOW}}
    client.shell_channel.send(client.session.msg("comm_msg", {"comm_id": comm, "data": data}))
    client.execute(BUSY)
    seen = messages(client, is_reply)
    assert content(seen[-1]) == {"type": "reply", "id": 9}
    assert bytes(seen[-1]["buffers"][0][:4]) == b"AWF1"
    news = [content(each) for each in seen if each["msg_type"] == "comm_msg"][:-1]
    assert all(each["type"] == "progress" and each["id"] == 9 for each in news)
    assert not [each for each in seen if each["msg_type"] in ("stream", "error")]
