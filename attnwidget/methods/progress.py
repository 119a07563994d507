"""Progress reports of methods: bars and callbacks."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeAlias, TypeVar

from tqdm.auto import tqdm

Progress: TypeAlias = bool | Callable[[int, int], object] | None
"""True shows a bar, False none, None a bar if it takes long; a function gets (done, total)."""

DELAY = 1.0
"""Seconds after which a bar appears if `progress` is None."""

T = TypeVar("T")


@contextmanager
def reporting(progress: Progress, total: int, what: str) -> Iterator[Callable[[int], object]]:
    """Return a context whose value is a function to call with the number of steps done so far.

    Parameters
    ----------
    progress
        The receiver, as in `Progress`. A function may raise to interrupt; it is first called with
        ``(0, total)``.
    total
        Number of steps at the end.
    what
        The text before the bar.

    Raises
    ------
    ValueError
        `progress` is neither None, a bool nor callable.
    """
    if callable(progress):
        tell = progress
        tell(0, total)
        yield lambda done: tell(done, total)
        return
    if progress is not None and not isinstance(progress, bool):
        raise ValueError(
            "progress must be True, False, None or a function of (done, total), but "
            f"{progress!r} was given."
        )
    delay = DELAY if progress is None else 0.0
    with tqdm(
        total=total, desc=what, delay=delay, disable=progress is False, leave=bool(progress)
    ) as bar:
        yield lambda done: bar.update(done - bar.n)


def tracked(items: Sequence[T], progress: Progress, what: str) -> Iterator[T]:
    """Yield `items` and report after each the number done; see `reporting`."""
    with reporting(progress, len(items), what) as report:
        for done, item in enumerate(items, start=1):
            yield item
            report(done)
