"""Jobs: slow computations on threads, with progress messages."""

import time
from collections.abc import Callable
from contextvars import copy_context
from threading import Event, Lock, Semaphore, Thread
from typing import Any, TypeAlias

Answer: TypeAlias = tuple[dict[str, Any], list[bytes]]
"""A message to the front end and its buffers."""

Report: TypeAlias = Callable[[int, int], None]

AT_ONCE = 2
"""Most jobs of one widget that run at the same time; others wait."""

NEWS_EVERY = 0.1
"""Shortest time in seconds between two messages about one job."""

SIGN_OF_LIFE = 2.0
"""Seconds after which a message reports that a job without news is still running."""


class CancelledError(Exception):
    """Raised in a job that was cancelled."""


class Job:
    """One computation under way."""

    def __init__(self, identity: object, what: str) -> None:
        self.identity = identity
        self.what = what
        self.cancelled = Event()
        self._news: tuple[int, int] | None = (0, 1)
        self._last: tuple[int, int] = (0, 1)
        self._told = 0.0

    def report(self, done: int, total: int) -> None:
        """Take the progress of the job.

        Raises
        ------
        CancelledError
            The job was cancelled.
        """
        if self.cancelled.is_set():
            raise CancelledError("This was cancelled.")
        self._last = self._news = (int(done), int(total))

    def news(self) -> dict[str, Any] | None:
        """Return the message that is due, if any."""
        silent = time.monotonic() - self._told
        if self._news is None and silent < SIGN_OF_LIFE:
            return None
        self._told, self._news = time.monotonic(), None
        done, total = self._last
        progress = {"done": done, "total": total, "what": self.what}
        return {"type": "progress", "id": self.identity, **progress}


class Jobs:
    """Runs jobs, a few at once, reports their progress, and answers each exactly once.

    Parameters
    ----------
    send
        Sends a message and its buffers to the front end, from any thread.
    """

    def __init__(self, send: Callable[[dict[str, Any], list[bytes]], object]) -> None:
        self._send = send
        self._lock = Lock()
        self._slots = Semaphore(AT_ONCE)
        self._jobs: list[Job] = []

    def start(self, identity: object, what: str, compute: Callable[[Report], Answer]) -> None:
        """Compute an answer on another thread and send it.

        Parameters
        ----------
        identity
            The id of the request, a part of every message about it.
        what
            The slow computation, in a word.
        compute
            Makes the answer; it raises nothing except the `CancelledError` of the report.
        """
        job = Job(identity, what)
        with self._lock:
            self._jobs.append(job)
            first = len(self._jobs) == 1
        # With the caller's context, messages from the thread belong to the request in Jupyter.
        _spawn(self._run, job, compute)
        if first:
            _spawn(self._tell)

    def cancel(self, identity: object) -> list[Job]:
        """Stop the jobs of a request and return them; their answers are no longer sent."""
        with self._lock:
            found = [job for job in self._jobs if job.identity == identity]
            self._jobs = [job for job in self._jobs if job not in found]
        for job in found:
            job.cancelled.set()
        return found

    def close(self) -> None:
        """Stop all jobs without an answer."""
        with self._lock:
            jobs, self._jobs = self._jobs, []
        for job in jobs:
            job.cancelled.set()

    def _run(self, job: Job, compute: Callable[[Report], Answer]) -> None:
        with self._slots:
            if job.cancelled.is_set():
                return
            try:
                answer = compute(job.report)
            except CancelledError:
                return
        with self._lock:
            if job not in self._jobs:
                return
            self._jobs.remove(job)
        self._send(*answer)

    def _tell(self) -> None:
        """Send the progress of all jobs until none is left."""
        while True:
            with self._lock:
                if not self._jobs:
                    return
                for job in self._jobs:
                    message = job.news()
                    if message is not None:
                        self._send(message, [])
            time.sleep(NEWS_EVERY)


def _spawn(target: Callable[..., None], *arguments: object) -> None:
    run = copy_context().run
    Thread(target=run, args=(target, *arguments), daemon=True).start()
