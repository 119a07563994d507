"""Max-flow as a user calls it: choices, engines, progress, refusal, wrong arguments."""

import sys
from concurrent.futures import ThreadPoolExecutor

import numba
import numpy as np
import pytest
import torch

from attnwidget.methods import max_flow
from attnwidget.methods.flow import kernel, pairs
from attnwidget.methods.flow.cost import seconds_per_pair
from attnwidget.methods.flow.network import Network
from attnwidget.methods.flow.solver import chosen_engine, solver
from attnwidget.trace import Trace

ENGINES = ["numba", "scipy"]
ATTENTION = (2 * torch.randn(4, 3, 8, 8, generator=torch.Generator().manual_seed(1))).softmax(-1)
ALL = max_flow(ATTENTION)


def test_some_sources_and_sinks_are_part_of_all():
    torch.testing.assert_close(max_flow(ATTENTION, sources=[-1, 2]), ALL[[-1, 2]])
    torch.testing.assert_close(max_flow(ATTENTION, sinks=slice(1, 7, 2)), ALL[:, 1:7:2])
    torch.testing.assert_close(
        max_flow(ATTENTION, sources=3, sinks=np.array([0, 0])), ALL[3:4, [0, 0]]
    )
    assert max_flow(ATTENTION, sources=[]).shape == (0, 8)
    assert max_flow(ATTENTION, sinks=[]).shape == (8, 0)


def test_layers_are_those_chosen():
    torch.testing.assert_close(max_flow(ATTENTION, layers=slice(1, 4)), max_flow(ATTENTION[1:]))
    trace = Trace.from_attentions(ATTENTION, list("abcdefgh"))
    torch.testing.assert_close(max_flow(trace, layers=[0, 1, 2]), max_flow(ATTENTION[:3]))


def test_normalized_rows_sum_to_1_over_the_chosen_sinks():
    rows = max_flow(ATTENTION, sinks=[1, 5], normalize=True)
    torch.testing.assert_close(rows, ALL[:, [1, 5]] / ALL[:, [1, 5]].sum(1, keepdim=True))


def test_a_row_without_flow_stays_zero():
    attention = ATTENTION * (torch.arange(8) > 0)[:, None]
    rows = max_flow(attention, residual=False, normalize=True)
    assert rows[0].tolist() == [0.0] * 8
    torch.testing.assert_close(rows[1:].sum(1), torch.ones(7))


def test_engines_agree():
    torch.testing.assert_close(
        max_flow(ATTENTION, engine="numba"), max_flow(ATTENTION, engine="scipy"), atol=1e-7, rtol=0
    )


def test_capacities_above_1_fit_the_integers():
    """scipy would wrap 3 * 2**30 without a word."""
    capacities = np.full((3, 4, 4), 1000.0, np.float32)
    for engine in ENGINES:
        flows = solver(Network(capacities), engine).flows(np.array([0, 3]), np.array([1, 3]))
        np.testing.assert_allclose(flows, 4000)


def test_flows_do_not_depend_on_those_before():
    backwards = max_flow(ATTENTION, sources=slice(None, None, -1), sinks=slice(None, None, -1))
    assert torch.equal(backwards.flip(0, 1), ALL)


def test_without_numba_scipy_computes(monkeypatch):
    monkeypatch.setitem(sys.modules, "numba", None)
    assert chosen_engine() == "scipy"
    torch.testing.assert_close(max_flow(ATTENTION), ALL, atol=1e-7, rtol=0)
    with pytest.raises(ImportError, match=r"attnwidget\[fast\]"):
        max_flow(ATTENTION, engine="numba")


def test_where_nothing_can_be_written_the_kernel_is_compiled_anew(monkeypatch):
    compile_ = numba.njit

    def read_only(cache=False, **options):
        if cache:
            raise RuntimeError("no locator available")
        return compile_(**options)

    monkeypatch.setattr(numba, "njit", read_only)
    assert kernel.compiled(lambda number: number + 1)(2) == 3


def test_several_threads_compute_at_once():
    with ThreadPoolExecutor(2) as pool:
        for flows in pool.map(max_flow, [ATTENTION] * 4):
            assert torch.equal(flows, ALL)


@pytest.mark.parametrize("layers", [1, 2, 4])
@pytest.mark.parametrize("engine", ENGINES)
def test_progress_counts_pairs(engine, layers, monkeypatch):
    monkeypatch.setattr(pairs, "SECONDS_BETWEEN_REPORTS", 0.0)
    calls = []
    max_flow(
        ATTENTION[:layers], engine=engine, sources=[0, 1], progress=lambda *now: calls.append(now)
    )
    assert calls == [(done, 16) for done in range(17)]


@pytest.mark.parametrize("error", [KeyboardInterrupt, RuntimeError])
@pytest.mark.parametrize("engine", ENGINES)
def test_whoever_follows_the_progress_can_interrupt(engine, error, monkeypatch):
    monkeypatch.setattr(pairs, "SECONDS_BETWEEN_REPORTS", 0.0)
    calls = []

    def stop_at_3(done, _total):
        calls.append(done)
        if done == 3:
            raise error

    with pytest.raises(error):
        max_flow(ATTENTION, engine=engine, progress=stop_at_3)
    assert calls == [0, 1, 2, 3]


def test_what_takes_too_long_is_refused_with_its_cost():
    def stop(_done, _total):
        raise InterruptedError

    long = torch.full((3, 1, 1, 1), 1.0).expand(3, 1, 2000, 2000)
    with pytest.raises(ValueError, match=r"4,000,000 pairs of 2,000 nodes .* hours .* sources= or"):
        max_flow(long, engine="numba", progress=stop)
    with pytest.raises(InterruptedError):
        max_flow(long, engine="numba", progress=stop, sources=0)
    with pytest.raises(InterruptedError):
        max_flow(long, engine="numba", progress=stop, max_seconds=float("inf"))
    with pytest.raises(ValueError, match=r"with scipy.* install attnwidget\[fast\]"):
        max_flow(long, engine="scipy", progress=stop, sources=0)


def test_the_estimate_grows_with_what_costs():
    for engine in ENGINES:
        assert seconds_per_pair(engine, 2, 128) < seconds_per_pair(engine, 12, 128)
        assert seconds_per_pair(engine, 12, 128) < seconds_per_pair(engine, 12, 256)
    assert seconds_per_pair("numba", 12, 128) < seconds_per_pair("scipy", 12, 128)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"sources": 8}, IndexError, "source 8 is out of range"),
        ({"sinks": [0, -9]}, IndexError, "sink -9 is out of range"),
        ({"layers": 4}, IndexError, "layer 4 is out of range"),
        ({"layers": [0, 2]}, ValueError, "consecutive"),
        ({"fusion": "median"}, ValueError, "mean, max, min, but 'median'"),
        ({"engine": "igraph"}, ValueError, "numba, scipy, or None .* but 'igraph'"),
        ({"stream": "cross"}, ValueError, "but 'cross' was given"),
        ({"progress": "yes"}, ValueError, "progress must be True, False, None or a function"),
        ({"trace": -ATTENTION}, ValueError, "negative"),
        ({"trace": ATTENTION * torch.nan}, ValueError, "NaN"),
        ({"trace": ATTENTION[:, :, :5]}, ValueError, "5 queries and 8 keys"),
    ],
)
def test_wrong_arguments(arguments, error, message):
    with pytest.raises(error, match=message):
        max_flow(**{"trace": ATTENTION, **arguments})
