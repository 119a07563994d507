"""What takes long, computed on threads of its own and reported about."""

import time
from collections.abc import Callable
from contextvars import copy_context
from threading import Event, Lock, Semaphore, Thread
from typing import Any, TypeAlias

Answer: TypeAlias = tuple[dict[str, Any], list[bytes]]
"""A message to the front end and its buffers."""

Report: TypeAlias = Callable[[int, int], None]

AT_ONCE = 2
"""Jobs of one widget that run at the same time; others wait."""

NEWS_EVERY = 0.1
"""Seconds between two messages about one job, at least."""

SIGN_OF_LIFE = 2.0
"""Seconds after which a message says that a job without news still goes on."""


class CancelledError(Exception):
    """Raised in a job that nobody waits for any more."""


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
        """Take how far the job has come.

        Raises
        ------
        CancelledError
            Nobody waits for it any more.
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
    """Runs jobs, a few at once; says how far they have come, and answers each exactly once.

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
            Of the request; part of every message about it.
        what
            What takes so long, in a word.
        compute
            Makes the answer and never raises, but for the `CancelledError` of what it reports to.
        """
        job = Job(identity, what)
        with self._lock:
            self._jobs.append(job)
            first = len(self._jobs) == 1
        # Messages sent from threads then belong to the request, as Jupyter's protocol wants it.
        _spawn(self._run, job, compute)
        if first:
            _spawn(self._tell)

    def cancel(self, identity: object) -> list[Job]:
        """Stop the jobs of a request and return them; their answers are not sent any more."""
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
        """Send news of all jobs until there is none left."""
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
