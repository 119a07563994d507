"""Does something once there has been rest for a while."""

import time
from collections.abc import Callable
from threading import Lock, Thread


class Rest:
    """Calls a function when nothing has happened for some seconds, on a thread of its own.

    Parameters
    ----------
    call
        What is done; it is never done twice at once.
    seconds
        How long the rest is.
    """

    def __init__(self, call: Callable[[], object], seconds: float) -> None:
        self._call = call
        self._seconds = seconds
        self._lock = Lock()
        self._calling = Lock()
        self._due: float | None = None

    def disturb(self) -> None:
        """Begin to wait, or wait anew."""
        with self._lock:
            is_waiting = self._due is not None
            self._due = time.monotonic() + self._seconds
        if not is_waiting:
            Thread(target=self._wait, name="attnwidget-rest", daemon=True).start()

    def _wait(self) -> None:
        while (remaining := self._remaining()) > 0:
            time.sleep(remaining)
        with self._calling:
            self._call()

    def _remaining(self) -> float:
        """Return how long to wait; 0 ends the wait."""
        with self._lock:
            assert self._due is not None  # it is set before the thread starts
            remaining = self._due - time.monotonic()
            if remaining <= 0:
                self._due = None
            return max(0.0, remaining)
