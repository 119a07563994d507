"""Relevance and the steps of gradient flow against loops in float64."""

import numpy as np
import pytest
import torch

from attnwidget.capture import capture
from attnwidget.demos import demo
from attnwidget.methods import relevance
from attnwidget.methods.gradient_steps import gradient_steps
from attnwidget.methods.relevance import relevance_steps
from tests.capture.architectures import FALLBACK
from tests.capture.eager_gradients import varied
from tests.methods.memory import Memory
from tests.methods.models import inputs, long_trace, model, trace


def weighted(weights, gradients):
    return [
        (weight * gradient)[0].detach().double().numpy()
        for weight, gradient in zip(weights, gradients, strict=True)
    ]


def by_definition(name, loss):
    """Return A * dL/dA of every layer of each stream, from eager attention: (H, n_q, n_k)."""
    output = model(name, eager=True)(**inputs(name), output_attentions=True)
    fields = [field for field in output if field.endswith("attentions") and output[field]]
    found = {}
    for field in fields:
        gradients = torch.autograd.grad(loss(output), output[field], retain_graph=True)
        found[field.removesuffix("_attentions")] = weighted(output[field], gradients)
    return found


def loop(layers):
    total = np.eye(layers[0].shape[-1])
    for layer in layers:
        total = total + np.maximum(layer, 0).mean(0) @ total
    return total


@pytest.mark.parametrize("layers", [None, slice(1, 3), [0]])
@pytest.mark.parametrize(
    ("name", "target", "loss"),
    [
        ("bert", ("hidden", 3), lambda out: out.last_hidden_state[0, 3].sum()),
        ("llama", ("log_prob", 8, 4), lambda out: out.logits[0, 8].log_softmax(-1)[4]),
        ("gemma2", ("logit", -1, 4), lambda out: out.logits[0, -1, 4]),
    ],
)
def test_relevance_of_one_stack(name, target, loss, layers):
    found = by_definition(name, loss)["attentions"]
    expected = loop(
        [found[layers[0]]] if isinstance(layers, list) else found[layers or slice(None)]
    )
    actual = relevance(trace(name), target=target, layers=layers)
    assert np.abs(expected - np.eye(12)).max() > 0.01
    np.testing.assert_allclose(actual.numpy(), expected, atol=1e-5 * expected.max())


def test_relevance_of_an_encoder_decoder():
    found = by_definition("bart", lambda out: out.logits[0, 2, 9])
    encoder = loop(found["encoder"])
    rows = np.concatenate([np.eye(7), np.zeros((7, 12))], 1)
    for own, cross in zip(found["decoder"], found["cross"], strict=True):
        rows = rows + np.maximum(own, 0).mean(0) @ rows
        rows[:, 7:] += np.maximum(cross, 0).mean(0) @ encoder
    traced = trace("bart", ("logit", 2, 9))
    actual = relevance(traced).numpy()
    assert actual.shape == (7, 19)
    np.testing.assert_allclose(actual, rows, atol=1e-5 * rows.max())
    np.testing.assert_allclose(
        relevance(traced, stream="encoder").numpy(), encoder, atol=1e-5 * encoder.max()
    )


def test_relevance_of_dense_weights():
    architecture = next(each for each in FALLBACK if each.name == "deberta")
    reference = varied(architecture.reference())
    output = reference(**architecture.inputs(), output_attentions=True)
    loss = output.last_hidden_state[0, 5].sum()
    found = weighted(output.attentions, torch.autograd.grad(loss, output.attentions))
    traced = capture(varied(architecture.model()), architecture.inputs(), target=("hidden", 5))
    expected = loop(found)
    np.testing.assert_allclose(relevance(traced).numpy(), expected, atol=1e-5 * expected.max())


def test_the_partner_bracket_is_relevant():
    traced = demo("brackets")
    mask = traced.tokens.index("[MASK]")
    row = relevance(traced)[mask].clone()
    row[mask] = 0
    # "[<>](<[{()}][MASK])": what the mask closes is the second "<".
    assert int(row.argmax()) == [place for place, t in enumerate(traced.tokens) if t == "<"][1]


def matrix(step):
    """Return a step as an N x N matrix."""
    full = torch.eye(step.num_nodes)
    full[step.targets] = step.rows(slice(0, step.num_targets))
    return full


def test_steps_of_relevance_multiply_to_it():
    traced = trace("t5")
    product = torch.eye(19, dtype=torch.float64)
    for step in relevance_steps(traced):
        product = matrix(step).double() @ product
    torch.testing.assert_close(relevance(traced).double(), product[:7], rtol=1e-5, atol=1e-5)


@pytest.mark.parametrize("fusion", ["mean", "max", "min"])
def test_steps_of_gradient_flow(fusion):
    def normalised(rows):
        sums = rows.sum(-1, keepdims=True)
        return rows / np.where(sums == 0, 1, sums)

    fuse = getattr(np, fusion)
    found = by_definition("bart", lambda out: out.logits[0, 2, 9])
    found = {
        name: [fuse(normalised(np.abs(layer)), axis=0) for layer in layers]
        for name, layers in found.items()
    }
    steps = gradient_steps(trace("bart", ("logit", 2, 9)), fusion=fusion)
    assert [(step.stream, step.layer) for step in steps] == [
        *[("encoder", layer) for layer in range(3)],
        *[(name, layer) for layer in range(2) for name in ("decoder", "cross")],
    ]
    for step in steps:
        fused = found[step.stream][step.layer]
        expected = np.zeros((step.num_targets, 19))
        expected[:, step.targets] = np.eye(step.num_targets)
        if step.stream == "cross":
            expected[:, 7:] += normalised(fused)
        else:
            expected[:, step.targets] += fused
        actual = step.rows(slice(0, step.num_targets)).numpy()
        np.testing.assert_allclose(actual, normalised(expected), atol=1e-5)


def test_memory_does_not_grow_with_layers_and_heads():
    traced = long_trace(1024)
    traced.attention(0, 0), traced.attention(1, 0)
    with Memory() as memory:
        scores = relevance(traced, progress=False)
    assert memory.peak < 3 * scores.nbytes


def test_progress_tells_and_interrupts():
    told = []
    relevance(trace("gpt2"), progress=lambda *given: told.append(given))
    assert told == [(done, 3) for done in range(4)]


@pytest.mark.parametrize("method", [relevance, lambda given: gradient_steps(given, fusion="mean")])
def test_arrays_have_no_relevance(method):
    with pytest.raises(ValueError, match="Gradients and predictions need the model"):
        method([torch.eye(3)])
