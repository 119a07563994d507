import threading

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from attnwidget.frames import Workspace
from tests.frames.traces import pair_trace


class InterruptionError(Exception):
    pass


def numbers(count, value=0.0):
    return torch.full((count,), value)


def workspace(limit=1000):
    return Workspace(pair_trace(), limit)


def test_a_result_is_computed_once():
    space, calls = workspace(), []

    def compute(progress):
        calls.append(progress)
        return numbers(3, 7.0)

    first, second = (space.get("seven", compute, False) for _ in range(2))
    assert first is second
    assert calls == [False]
    assert space.find("seven") is first
    assert space.find("eight") is None


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(1, 12)), max_size=60))
def test_what_is_kept_stays_within_the_limit_and_is_what_was_used_last(asked):
    space, order = workspace(100), []
    sizes = {}
    for key, count in asked:
        size = sizes.setdefault(key, count)
        space.get(key, lambda _, size=size: numbers(size))
        order = [other for other in order if other != key] + [key]
        kept = [other for other in order if space.find(other) is not None]
        for other in order:  # looking was a use
            space.find(other)
        assert kept == order[len(order) - len(kept) :]
        assert space.nbytes == sum(4 * sizes[other] for other in kept) <= 100
        if len(kept) < len(order):
            assert space.nbytes + 4 * sizes[order[-len(kept) - 1]] > 100
        order = kept


def test_what_is_larger_than_the_limit_is_not_kept_and_drops_nothing():
    space = workspace(100)
    space.get("small", lambda _: numbers(4))
    assert len(space.get("large", lambda _: numbers(26))) == 26
    assert space.find("large") is None
    assert space.find("small") is not None


def test_threads_that_ask_at_once_share_one_computation():
    space, calls, begin = workspace(), [], threading.Barrier(8)
    released = threading.Event()

    def compute(progress):
        calls.append(threading.get_ident())
        released.wait(5)
        return numbers(100_000)  # too large to be kept

    found = []

    def ask():
        begin.wait()
        threading.Timer(0.2, released.set).start()
        found.append(space.get("one", compute))

    run(*[ask] * 8)
    assert len(calls) == 1
    assert len({id(result) for result in found}) == 1


def test_who_waits_hears_of_progress_and_may_leave():
    space, running, heard = workspace(), threading.Event(), threading.Event()
    told = []

    def compute(progress):
        progress(3, 12)
        running.set()
        assert heard.wait(5)
        return numbers(1)

    def listen(done, total):
        told.append((done, total))
        heard.set()
        raise InterruptionError

    def compute_first():
        space.get("slow", compute, lambda *_: None)

    def wait():
        running.wait(5)
        with pytest.raises(InterruptionError):
            space.get("slow", compute, listen)

    run(compute_first, wait)
    assert told == [(3, 12)]
    assert space.find("slow") is not None


def test_who_waits_begins_anew_where_the_first_is_interrupted():
    space, running = workspace(), threading.Event()
    computed = []

    def fail(_):
        running.set()
        threading.Event().wait(0.2)
        raise InterruptionError

    def succeed(_):
        computed.append("second")
        return numbers(2, 5.0)

    def first():
        with pytest.raises(InterruptionError):
            space.get("result", fail)

    def second():
        running.wait(5)
        assert space.get("result", succeed)[0] == 5

    run(first, second)
    assert computed == ["second"]


def run(*functions):
    """Run functions at once, each on a thread; fail where one of them does."""
    errors = []

    def guarded(function):
        try:
            function()
        except BaseException as error:
            errors.append(error)

    threads = [threading.Thread(target=guarded, args=(function,)) for function in functions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert not errors
    assert not any(thread.is_alive() for thread in threads)
