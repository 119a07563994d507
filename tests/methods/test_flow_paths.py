"""The edges that one maximum flow takes."""

import numpy as np
import pytest
import torch

import attnwidget as aw
from attnwidget.methods import max_flow
from attnwidget.methods.flow.network import Network
from attnwidget.methods.flow_paths import flow_paths
from attnwidget.methods.steps import attention_steps

ENGINES = ["numba", "scipy"]
GENERATOR = torch.Generator().manual_seed(2)
ATTENTION = (2 * torch.randn(5, 2, 7, 7, generator=GENERATOR)).softmax(-1)
CAUSAL = ATTENTION.tril() / ATTENTION.tril().sum(-1, keepdim=True)


def dense(found, num_steps, num_nodes):
    """Return the flow along every edge, (K, N, N) float64."""
    flows = np.zeros((num_steps, num_nodes, num_nodes))
    edges = found.step.numpy(), found.upper.numpy(), found.lower.numpy()
    np.add.at(flows, edges, found.share.double().numpy())
    return flows


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("num_layers", [1, 2, 3, 5])
@pytest.mark.parametrize("attention", [ATTENTION, CAUSAL], ids=["full", "causal"])
def test_it_is_a_maximum_flow(attention, num_layers, engine):
    steps = attention_steps(attention[:num_layers])
    capacities = Network.of(steps).capacities
    expected = max_flow(attention[:num_layers])
    for source, sink in [(6, 0), (4, 4), (3, 2), (0, 6)]:
        found = flow_paths(steps, source, sink, engine=engine, most=10_000)
        flows = dense(found, num_layers, 7)

        assert found.total == pytest.approx(float(expected[source, sink]), abs=1e-6)
        assert (found.share > 0).all()
        assert (flows <= capacities + 1e-6).all()
        # What enters a node leaves it, but for the source and the sink.
        np.testing.assert_allclose(flows[1:].sum(1), flows[:-1].sum(2), atol=1e-6)
        leaving, arriving = flows[-1].sum(1), flows[0].sum(0)
        np.testing.assert_allclose(leaving, found.total * np.eye(7)[source], atol=1e-6)
        np.testing.assert_allclose(arriving, found.total * np.eye(7)[sink], atol=1e-6)
        # What is said of the nodes is what is said of their edges.
        np.testing.assert_allclose(found.shares[1:], flows.sum(2), atol=1e-6)
        np.testing.assert_allclose(found.shares[0], arriving, atol=1e-6)


@pytest.mark.parametrize("engine", ENGINES)
def test_the_strongest_edges_come_first_and_the_rest_is_left_out(engine):
    steps = attention_steps(ATTENTION)
    every = flow_paths(steps, 6, 1, engine=engine)
    assert (every.share.diff() <= 0).all()
    some = flow_paths(steps, 6, 1, engine=engine, most=5)
    assert torch.equal(some.share, every.share[:5])
    assert torch.equal(some.shares, every.shares)
    types = [some.step.dtype, some.upper.dtype, some.lower.dtype, some.share.dtype]
    assert types == [torch.int32] * 3 + [torch.float32]
    assert len(flow_paths(steps, 6, 1, engine=engine, most=0).share) == 0


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("level", [1, 2, 4])
def test_from_a_node_below_the_top(level, engine):
    steps = attention_steps(ATTENTION)
    found = flow_paths(steps, -1, 2, level=level, engine=engine)
    assert found.total == pytest.approx(float(max_flow(ATTENTION[:level])[-1, 2]), abs=1e-6)
    assert found.shares.shape == (6, 7)
    assert not found.shares[level + 1 :].any()
    assert int(found.step.max()) == level - 1


def test_an_input_flows_into_itself_only():
    steps = attention_steps(ATTENTION)
    assert [flow_paths(steps, 3, sink, level=0).total for sink in (2, 3)] == [0.0, 1.0]
    assert flow_paths(steps, 3, 3, level=0).shares[0].tolist() == [0, 0, 0, 1, 0, 0, 0]


@pytest.mark.parametrize("engine", ENGINES)
def test_an_encoder_decoder(engine):
    trace = aw.demo("dates")
    steps = attention_steps(trace)
    targets = len(trace["decoder"].queries)
    sink = targets + 3
    found = flow_paths(steps, targets - 1, sink, engine=engine, most=100_000)
    flows = dense(found, len(steps), steps[0].num_nodes)
    expected = max_flow(trace, sources=targets - 1, sinks=sink).item()
    assert found.total == pytest.approx(expected, abs=1e-6)
    np.testing.assert_allclose(flows[1:].sum(1), flows[:-1].sum(2), atol=1e-6)


@pytest.mark.parametrize(
    ("arguments", "error", "message"),
    [
        ({"source": 7}, IndexError, "source 7 is out of range"),
        ({"sink": -8}, IndexError, "sink -8 is out of range"),
        ({"level": 6}, IndexError, "level 6 is out of range"),
        ({"steps": []}, ValueError, "steps is empty"),
        ({"most": -1}, ValueError, "most must not be negative"),
        ({"engine": "igraph"}, ValueError, "numba, scipy"),
    ],
)
def test_wrong_arguments(arguments, error, message):
    with pytest.raises(error, match=message):
        flow_paths(**{"steps": attention_steps(ATTENTION), "source": 0, "sink": 0, **arguments})
