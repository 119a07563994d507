"""Gradients by the attention weights of transformers' own eager attention, through autograd."""

import torch
from torch import Tensor
from transformers import PreTrainedModel

from tests.capture.test_exact import STREAMS, span

CLASS = 5
"""A token that is not the predicted one."""

TOLERANCE = 1e-5
"""Of the largest gradient in a layer."""


def assert_equal(actual: Tensor, expected: Tensor, tolerance: float = TOLERANCE) -> None:
    largest = float(expected.abs().max())
    assert largest > 0, "no gradient to compare with"
    torch.testing.assert_close(actual, expected.float(), atol=tolerance * largest, rtol=0)


def varied(model: PreTrainedModel) -> PreTrainedModel:
    """Vary gains and biases: behind a layer norm of equal gains every sum is the same."""
    generator = torch.Generator().manual_seed(7)
    with torch.no_grad():
        for weights in model.parameters():
            if weights.ndim == 1:
                weights.add_(torch.randn(weights.shape, generator=generator) * 0.3)
    return model


def loss_of(output: object, inputs: dict[str, Tensor]) -> tuple[object, Tensor]:
    """Return a target, and what it means by its definition."""
    if hasattr(output, "logits"):
        logits = output.logits
        stack = "decoder" if "decoder_input_ids" in inputs else "self"
        last = span(inputs, stack, logits.shape[1]).stop - 1
        return ("log_prob", -1, CLASS), logits[0, last].log_softmax(-1)[CLASS]
    hidden = output.last_hidden_state
    return None, hidden[0, span(inputs, "self", hidden.shape[1])].sum()


def eager_gradients(
    model: PreTrainedModel, inputs: dict[str, Tensor]
) -> tuple[object, dict[str, list[Tensor]]]:
    """Return a target and the gradients (1, H, n_q, n_k) by each stream's weights."""
    output = model(**inputs, output_attentions=True)
    target, loss = loss_of(output, inputs)
    found = {name: getattr(output, field, None) for name, field in STREAMS.items()}
    return target, {
        name: [gradient_by(loss, each) for each in weights]
        for name, weights in found.items()
        if weights
    }


def gradient_by(loss: Tensor, weights: Tensor) -> Tensor:
    (gradient,) = torch.autograd.grad(loss, weights, retain_graph=True, allow_unused=True)
    if gradient is not None:
        return gradient
    # XLNet returns a view of what it goes on with.
    assert weights._base.shape == weights.shape
    (gradient,) = torch.autograd.grad(loss, weights._base, retain_graph=True)
    return gradient
