"""A trace with a cache of slow results."""

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Event, Lock
from typing import Any, Generic, Literal, Protocol, TypeAlias, TypeVar, cast

from attnwidget.methods.knockout import cut_trace
from attnwidget.methods.progress import Progress
from attnwidget.methods.rerunning import reruns_of
from attnwidget.trace import Trace
from attnwidget.trace.cut import Cut
from attnwidget.trace.cut_places import placed
from attnwidget.trace.once import Once

Run: TypeAlias = Literal["before", "after", "difference"]
"""The run on the screen: the captured one, the one with changes, or the second minus the first."""

LIMIT = 64 << 20
"""Most bytes of results in the cache."""

MOST_RUNS = 2
"""Most runs with cuts that are kept beside the run without."""

LISTEN_EVERY = 0.1
"""Seconds between two reports of a waiting thread on the progress of the thread that computes."""


class Sized(Protocol):
    """A result that says how many bytes it takes."""

    @property
    def nbytes(self) -> int:
        """Bytes of memory."""


T = TypeVar("T", bound=Sized)


class Workspace:
    """A trace and a cache of results of methods, least recently used first out.

    Several threads may use one workspace at once.

    Parameters
    ----------
    trace
        The trace that everything is computed from.
    limit
        Most bytes of results in the cache.
    whole
        The workspace of the run before, if the trace is of one with changes.

    Attributes
    ----------
    edits
        What was edited in the run before, in words, if the trace is of what was edited.
    """

    def __init__(self, trace: Trace, limit: int = LIMIT, whole: "Workspace | None" = None) -> None:
        self.trace = trace
        self.whole = self if whole is None else whole
        self.edits: tuple[str, ...] = ()
        self._limit = limit
        self._nbytes = 0
        self._lock = Lock()
        self._kept: OrderedDict[Hashable, Sized] = OrderedDict()
        self._running: dict[Hashable, _Computation[Any]] = {}
        self._cut: OrderedDict[tuple[Cut, ...], Once[Workspace]] = OrderedDict()

    def after(self, cuts: tuple[Cut, ...]) -> "Workspace":
        """Return the workspace of the run without some attention; without cuts this one.

        The first call runs the model. The last two runs are kept.

        Raises
        ------
        IndexError, ValueError
            As `attnwidget.knockout`.
        """
        if not cuts:
            return self
        with self._lock:
            kept = self._cut.setdefault(cuts, Once())
            self._cut.move_to_end(cuts)
            while len(self._cut) > MOST_RUNS:
                self._cut.popitem(last=False)
        return kept.get(lambda: self._run_without(cuts))

    def on_screen(self, run: Run, cuts: tuple[Cut, ...]) -> "Workspace":
        """Return the workspace of a run; of a difference, that of the run after.

        Errors are those of `after`.
        """
        return self if run == "before" else self.after(cuts)

    def has_run(self, cuts: tuple[Cut, ...]) -> bool:
        """Return whether the run without some attention is kept."""
        kept = self._cut.get(cuts)
        return not cuts or (kept is not None and kept.value is not None)

    def _run_without(self, cuts: tuple[Cut, ...]) -> "Workspace":
        reruns_of(self.trace, "A cut")
        found = tuple(placed(cut, self.trace.stacks) for cut in cuts)
        return Workspace(cut_trace(self.trace, found, self.trace.target), self._limit, self)

    @property
    def nbytes(self) -> int:
        """Bytes of the results in the cache."""
        return self._nbytes

    def find(self, key: Hashable) -> Sized | None:
        """Return the cached result of this key, or None."""
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
            return self._kept.get(key)

    def get(self, key: Hashable, compute: Callable[[Progress], T], progress: Progress = None) -> T:
        """Return a result from the cache, or compute it.

        Threads that ask for the same result at the same time share one computation. If the thread
        that computes is interrupted, one of the waiting threads starts over.

        Parameters
        ----------
        key
            The cache key of the result, unique for the trace.
        compute
            Takes a `progress` and returns the result.
        progress
            Receives the progress of the computation, whichever thread it runs on.
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

    def _keep(self, key: Hashable, result: Sized) -> None:
        if result.nbytes > self._limit:
            return
        with self._lock:
            self._kept[key] = result
            self._nbytes += result.nbytes
            while self._nbytes > self._limit:
                self._nbytes -= self._kept.popitem(last=False)[1].nbytes


class _Computation(Generic[T]):
    """A computation under way; it leaves no result if it is interrupted or fails."""

    def __init__(self) -> None:
        self.finished = Event()
        self.result: T | None = None
        self._latest: tuple[int, int] = (0, 1)

    def overheard(self, progress: Progress) -> Progress:
        """Return a `progress` that waiting threads can follow too."""
        if not callable(progress):
            return progress

        def report(done: int, total: int) -> None:
            self._latest = (done, total)
            progress(done, total)

        return report

    def wait(self, progress: Progress) -> None:
        """Wait for the end and pass the progress on."""
        while not self.finished.wait(LISTEN_EVERY):
            if callable(progress):
                progress(*self._latest)
