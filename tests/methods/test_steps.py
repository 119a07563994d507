"""Steps: one matrix of shares for each sublayer."""

import pytest
import torch

import attnwidget as aw
from attnwidget.methods.product import full_product, product_rows, running_product
from attnwidget.methods.steps import Step, attention_steps
from attnwidget.methods.sublayers import sublayers
from tests.methods.test_rollout import random_layers


def matrix_of(step: Step):
    """Return the (N, N) matrix of a step, with the nodes that are passed on."""
    matrix = torch.eye(step.num_nodes)
    matrix[step.targets] = step.rows(slice(0, step.num_targets))
    return matrix


@pytest.fixture(scope="module")
def dates():
    return aw.demo("dates")


def test_an_encoder_decoder_bottom_to_top(dates):
    targets, sources = len(dates["decoder"].queries), len(dates["encoder"].queries)
    steps = attention_steps(dates)
    expected = [("encoder", 0), ("encoder", 1)]
    expected += [(name, layer) for layer in range(2) for name in ("decoder", "cross")]
    assert [(step.stream, step.layer) for step in steps] == expected
    assert {step.num_nodes for step in steps} == {targets + sources}
    nodes = {"encoder": slice(targets, targets + sources)}
    assert all(step.targets == nodes.get(step.stream, slice(0, targets)) for step in steps)


def test_cross_attention_keeps_half_of_the_target(dates):
    step = attention_steps(dates)[-1]
    targets = step.num_targets
    rows = step.rows([3, 0])
    expected = torch.zeros(2, targets)
    expected[0, 3] = expected[1, 0] = 0.5
    torch.testing.assert_close(rows[:, :targets], expected)
    fused = dates["cross"].attention(1).mean(0)[[3, 0]]
    torch.testing.assert_close(rows[:, targets:], fused / 2, atol=1e-6, rtol=0)


@pytest.mark.parametrize("ratio", [0.0, 0.5])
@pytest.mark.parametrize("fusion", ["mean", "max", "min"])
def test_rows_sum_to_one_and_lists_equal_slices(dates, fusion, ratio):
    for step in attention_steps(dates, fusion=fusion, discard_ratio=ratio):
        rows = step.rows(slice(0, step.num_targets))
        torch.testing.assert_close(rows.sum(1), torch.ones(len(rows)))
        chosen = list(range(step.num_targets))[::-2]
        torch.testing.assert_close(step.rows(chosen), rows[chosen])


def test_products_equal_matrices(dates):
    steps = attention_steps(dates)
    matrices = [matrix_of(step) for step in steps]
    expected = []
    for matrix in matrices:
        expected.append(matrix @ expected[-1] if expected else matrix)
    for actual, product in zip(running_product(steps), expected, strict=True):
        torch.testing.assert_close(actual, product)
    torch.testing.assert_close(full_product(steps), expected[-1])
    rows = product_rows(steps, [0, 20], [2, 5])
    torch.testing.assert_close(rows, torch.stack([expected[1], expected[4]])[:, [0, 20]])


def test_traces_without_an_encoder_or_with_a_decoder_alone(dates):
    weights = {name: [dates[name].attention(layer) for layer in range(2)] for name in dates}
    tokens = {
        "encoder_tokens": dates["encoder"].query_tokens,
        "decoder_tokens": dates["decoder"].query_tokens,
    }
    decoder = aw.Trace.from_attentions(decoder=weights["decoder"], **tokens)
    torch.testing.assert_close(aw.rollout(decoder), aw.rollout(dates, stream="decoder"))
    crossed = aw.Trace.from_attentions(decoder=weights["decoder"], cross=weights["cross"], **tokens)
    assert [each.stream.name for each in sublayers(crossed)] == ["decoder", "cross"] * 2
    two = aw.Trace.from_attentions(encoder=weights["encoder"], decoder=weights["decoder"], **tokens)
    with pytest.raises(ValueError, match="but not 'cross'"):
        sublayers(two)


def test_sublayers_of_plain_arrays():
    listed = sublayers(random_layers(), layers=slice(1, None))
    assert [each.layer for each in listed] == [1, 2, 3]
    assert not any(each.crosses for each in listed)
