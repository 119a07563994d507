"""The check of every architecture can fail: it compares with what the model computes itself."""

import pytest
import torch
from torch import nn
from torch.nn import functional

from attnwidget import Trace
from scripts.architectures.difference import difference
from scripts.architectures.softmaxes import Softmaxes
from scripts.architectures.unreturned import is_among, is_nearly_uniform

HEADS, LENGTH = 2, 6


@pytest.fixture
def weights():
    torch.manual_seed(0)
    return torch.randn(1, HEADS, LENGTH, LENGTH).softmax(-1)


def trace_of(weights):
    return Trace.from_attentions([weights], tokens=[str(at) for at in range(LENGTH)])


def test_what_is_not_returned_is_compared_with_the_softmaxes(weights):
    found = difference(trace_of(weights), None, [weights])
    assert (found.wrong, found.softmaxes, found.unseen) == ("", 1, 0)
    assert found.compared == "softmax (1)"


def test_other_weights_than_those_of_the_softmaxes_are_wrong(weights):
    found = difference(trace_of(weights.flip(-1)), None, [weights.flip(1), weights.flip(-2)])
    assert "is none of the softmaxes" in found.wrong


def test_weights_with_nothing_to_compare_them_with_are_unchecked(weights):
    found = difference(trace_of(weights), None, [])
    assert found.is_unchecked
    assert found.compared == "nothing (1)"


def test_uniform_weights_are_told(weights):
    uniform = torch.full((HEADS, LENGTH, LENGTH), 1 / LENGTH)
    assert is_nearly_uniform(uniform, 1e-3)
    assert is_nearly_uniform(uniform.tril(), 1e-3)
    assert not is_nearly_uniform(weights[0], 1e-3)


def test_rows_of_windows_are_found_among_those_of_a_softmax():
    windows = torch.randn(2, HEADS, 3, 3).softmax(-1)
    layer = torch.stack([torch.block_diag(*windows[:, head]) for head in range(HEADS)])
    layer = layer[:, [0, 3, 1, 4, 2, 5]][..., [0, 3, 1, 4, 2, 5]]
    assert is_among(layer, [windows], 1e-6, is_tiled=True)
    assert not is_among(layer * 0.99, [windows], 1e-6, is_tiled=True)
    padded = layer.masked_fill(torch.arange(LENGTH, device="cpu") == 0, 0)
    assert is_among(padded, [windows], 1e-6, is_tiled=True)
    assert not is_among(padded * 0.99, [windows], 1e-6, is_tiled=True)


def test_a_query_that_attends_to_nothing_has_equal_weights_in_a_softmax(weights):
    layer, softmax = weights[0].clone(), weights.clone()
    layer[:, 0], softmax[..., 0, :] = 0, 1 / LENGTH
    assert is_among(layer, [softmax], 1e-6)
    assert not is_among(layer, [weights], 1e-6)
    softmax[..., 0, :] = torch.nan
    assert is_among(layer, [softmax], 1e-6)


def test_a_sink_is_no_key(weights):
    assert is_among(weights[0, ..., :-1], [weights], 1e-6)
    assert is_among(weights[0, ..., 1:], [weights], 1e-6)


@pytest.mark.parametrize("causal", [True, False])
def test_softmaxes_of_fused_attention_and_of_torch_modules_are_seen(causal):
    torch.manual_seed(0)
    query, key, value = torch.randn(3, 1, HEADS, LENGTH, 4)
    seen = Softmaxes()
    with seen, torch.no_grad():
        result = functional.scaled_dot_product_attention(query, key, value, is_causal=causal)
    torch.testing.assert_close(seen.found[0] @ value, result)
    module = nn.MultiheadAttention(8, HEADS, batch_first=True).eval()
    states = torch.randn(1, LENGTH, 8)
    expected = module(states, states, states, average_attn_weights=False)
    with seen, torch.no_grad():
        output, _ = module(states, states, states, need_weights=False)
    torch.testing.assert_close(output, expected[0])
    torch.testing.assert_close(seen.found[1], expected[1])


def test_softmaxes_of_tensors_and_functions_are_seen_once():
    scores = torch.randn(2, 3, 3)
    seen = Softmaxes()
    with seen:
        found = [scores.softmax(-1), functional.softmax(scores, -1), torch.softmax(scores, -1)]
    assert len(seen.found) == len(found)
    for each in seen.found:
        torch.testing.assert_close(each, found[0])
