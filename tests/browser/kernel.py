"""The Python side of the test page: comms of real widgets, served as a kernel does, or worse."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from ipywidgets.widgets.widget import _remove_buffers

from tests.wait import SECONDS

from .wire import Message, encode

Buffers = Sequence[bytes | memoryview]


class Comm:
    """What ipywidgets needs of a comm: `send` goes to the pages, `deliver` comes from one."""

    def __init__(self, comm_id: str, kernel: Kernel) -> None:
        self.comm_id = comm_id
        self._kernel = kernel
        self._handler: Callable[[Message], None] | None = None

    def on_msg(self, callback: Callable[[Message], None] | None) -> None:
        self._handler = callback

    def on_close(self, callback: Callable[[Message], None] | None) -> None:
        """Pages never close a comm: only Python does."""

    def send(self, data: Message, metadata: object = None, buffers: Buffers | None = None) -> None:
        if data["method"] != "echo_update":  # for other browsers on the same kernel; there is one
            self._kernel.post(
                {"type": data["method"], "model": self.comm_id, **data}, buffers or ()
            )

    def close(self, *_args: object, **_keywords: object) -> None:
        self._kernel.forget(self.comm_id)

    def deliver(self, data: Message, buffers: Buffers) -> None:
        if self._handler is not None:
            self._handler({"content": {"data": data}, "buffers": list(buffers)})


class Kernel:
    """Runs the widgets' handlers on one thread of its own, in the order of arrival.

    Attributes
    ----------
    delay : float
        Seconds before each message from a page is handled.
    received : list of dict
        Every message that came from a page, without buffers.
    sent_bytes : int
        Bytes sent to pages so far, buffers and JSON.
    queued : int
        Messages put on their way to pages so far, one for each page.
    errors : list of Exception
        What escaped from a widget's handler. A notebook would swallow it; tests should not.
    """

    def __init__(self) -> None:
        self.delay = 0.0
        self.received: list[Message] = []
        self.sent_bytes = 0
        self.queued = 0
        self.errors: list[Exception] = []
        self._drop = 0
        self._handled = 0
        self._running = threading.Event()
        self._running.set()
        self._widgets: dict[str, Any] = {}
        self._pages: list[queue.Queue[bytes | None]] = []
        self._inbox: queue.Queue[tuple[Message, Buffers] | None] = queue.Queue()
        self._lock = threading.Lock()
        self._thread = threading.Thread(target=self._work, daemon=True)
        self._thread.start()

    def add(self, widget: Any) -> None:
        """Connect a widget to the pages, open and future."""
        widget.comm = Comm(widget.model_id, self)
        with self._lock:
            self._widgets[widget.model_id] = widget
        self.post(*_opening(widget))

    def forget(self, model_id: str) -> None:
        with self._lock:
            self._widgets.pop(model_id, None)
        self.post({"type": "close", "model": model_id})

    def drop_requests(self, count: int) -> None:
        """Swallow the next `count` custom messages from pages: they are never answered."""
        self._drop = count

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Handle nothing inside the block, as if the kernel ran a long cell."""
        self._running.clear()
        try:
            yield
        finally:
            self._running.set()

    @property
    def is_idle(self) -> bool:
        """Whether every message that came so far has been handled."""
        return self._handled == len(self.received)

    def requests(self, kind: str | None = None) -> list[Message]:
        """What the pages asked for so far: the `want` of each request, optionally of one kind."""
        wants = [
            message["content"]["want"]
            for message in self.received
            if message["method"] == "custom" and message["content"].get("type") == "request"
        ]
        return [want for want in wants if kind is None or want["kind"] == kind]

    def post(self, message: Message, buffers: Buffers = ()) -> None:
        """Send a message to every open page."""
        body = encode(message, buffers)
        with self._lock:
            self.sent_bytes += len(body)
            self.queued += len(self._pages)
            for page in self._pages:
                page.put(body)

    @contextmanager
    def page(self) -> Iterator[queue.Queue[bytes | None]]:
        """Yield one page's queue: first the state of every widget, then messages; None ends it."""
        mine: queue.Queue[bytes | None] = queue.Queue()
        with self._lock:
            widgets = list(self._widgets.values())
            self._pages.append(mine)
        for widget in widgets:
            body = encode(*_opening(widget))
            self.sent_bytes += len(body)
            self.queued += 1
            mine.put(body)
        try:
            yield mine
        finally:
            with self._lock:
                self._pages.remove(mine)

    def receive(self, message: Message, buffers: Buffers) -> None:
        """Queue a message from a page."""
        self.received.append(message)
        self._inbox.put((message, buffers))

    def close(self) -> None:
        self._running.set()
        self._inbox.put(None)
        with self._lock:
            for page in self._pages:
                page.put(None)
        self._thread.join(timeout=SECONDS)

    def _work(self) -> None:
        while (item := self._inbox.get()) is not None:
            message, buffers = item
            time.sleep(self.delay)
            self._running.wait()
            if message["method"] == "custom" and self._drop > 0:
                self._drop -= 1
            else:
                self._deliver(message, buffers)
            self._handled += 1

    def _deliver(self, message: Message, buffers: Buffers) -> None:
        widget = self._widgets.get(message["model"])
        if widget is not None:
            try:
                widget.comm.deliver(message, buffers)
            except Exception as error:
                self.errors.append(error)
        self.post({"type": "idle", "message": message["id"]})


def _opening(widget: Any) -> tuple[Message, Buffers]:
    state, buffer_paths, buffers = _remove_buffers(widget.get_state())
    state.pop("layout", None)  # a widget of its own, which the page has no use for
    message = {"type": "open", "model": widget.model_id, "state": state}
    return {**message, "buffer_paths": buffer_paths}, buffers
