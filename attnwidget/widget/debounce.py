"""Debounce: call a function after a quiet period."""

import time
from collections.abc import Callable
from threading import Lock, Thread


class Debounced:
    """A function that runs on a thread of its own after a pause in its calls.

    Parameters
    ----------
    function
        The function; it never runs twice at once.
    seconds
        The quiet period after the last call.
    """

    def __init__(self, function: Callable[[], object], seconds: float) -> None:
        self._function = function
        self._seconds = seconds
        self._lock = Lock()
        self._running = Lock()
        self._due: float | None = None

    def call(self) -> None:
        """Start or restart the quiet period."""
        with self._lock:
            is_waiting = self._due is not None
            self._due = time.monotonic() + self._seconds
        if not is_waiting:
            Thread(target=self._wait, name="attnwidget-debounce", daemon=True).start()

    def _wait(self) -> None:
        while (remaining := self._remaining()) > 0:
            time.sleep(remaining)
        with self._running:
            self._function()

    def _remaining(self) -> float:
        """Return the remaining seconds of the quiet period; at 0 it ends."""
        with self._lock:
            assert self._due is not None  # it is set before the thread starts
            remaining = self._due - time.monotonic()
            if remaining <= 0:
                self._due = None
            return max(0.0, remaining)
