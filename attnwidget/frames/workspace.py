"""A trace, and what was computed of it that took long."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Event, Lock
from typing import Any, Generic, Protocol, TypeAlias, TypeVar, cast

from attnwidget.trace import Trace

LIMIT = 64 << 20
"""Bytes of results that are kept, at most."""

LISTEN_EVERY = 0.1
"""Seconds after which who waits for another's computation reports how far that has come."""

Progress: TypeAlias = bool | Callable[[int, int], object] | None
"""As methods take it: a callable gets (done, total) and may raise to interrupt."""


class Kept(Protocol):
    """A result that says how many bytes it takes."""

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""


T = TypeVar("T", bound=Kept)


class Workspace:
    """A trace and results of methods; what was used longest ago goes first.

    Several threads may use one at once.

    Parameters
    ----------
    trace
        What everything is computed of.
    limit
        Bytes of results that are kept, at most.
    """

    def __init__(self, trace: Trace, limit: int = LIMIT) -> None:
        self.trace = trace
        self._limit = limit
        self._nbytes = 0
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, Kept] = OrderedDict()
        self._running: dict[Hashable, _Computation[Any]] = {}

    @property
    def nbytes(self) -> int:
        """Bytes of the results that are kept."""
        return self._nbytes

    def find(self, key: Hashable) -> Kept | None:
        """Return the result of this key, or None where it is not kept."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def get(self, key: Hashable, compute: Callable[[Progress], T], progress: Progress = None) -> T:
        """Return a result: the one that is kept, or what `compute` returns.

        It is computed once, however many threads ask for it at the same time. If the thread that
        computes it is interrupted, one of those that wait begins anew.

        Parameters
        ----------
        key
            What tells this result from every other one of the trace.
        compute
            Called with what to report progress to.
        progress
            Told how far the computation has come, whichever thread it runs on.
        """
        while True:
            with self._lock:
                if key in self._kept:
                    self._kept.move_to_end(key)
                    return cast("T", self._kept[key])
                running: _Computation[T] | None = self._running.get(key)
                if running is None:
                    mine = self._running[key] = _Computation()
                    break
            running.wait(progress)
            if running.result is not None:
                return running.result
        try:
            mine.result = compute(mine.overheard(progress))
            self._keep(key, mine.result)
            return mine.result
        finally:
            with self._lock:
                del self._running[key]
            mine.finished.set()

    def _keep(self, key: Hashable, result: Kept) -> None:
        if result.nbytes > self._limit:
            return
        with self._lock:
            self._kept[key] = result
            self._nbytes += result.nbytes
            while self._nbytes > self._limit:
                self._nbytes -= self._kept.popitem(last=False)[1].nbytes


class _Computation(Generic[T]):
    """One that is under way; it leaves no result where it was interrupted or failed."""

    def __init__(self) -> None:
        self.finished = Event()
        self.result: T | None = None
        self._latest: tuple[int, int] = (0, 1)

    def overheard(self, progress: Progress) -> Progress:
        """Return a `progress` that others can follow too."""
        if not callable(progress):
            return progress

        def report(done: int, total: int) -> None:
            self._latest = (done, total)
            progress(done, total)

        return report

    def wait(self, progress: Progress) -> None:
        """Wait for the end, passing on how far it has come."""
        while not self.finished.wait(LISTEN_EVERY):
            if callable(progress):
                progress(*self._latest)
