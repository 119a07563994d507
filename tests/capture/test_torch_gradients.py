"""Gradients of modules that know nothing of transformers."""

import pytest
import torch
from torch import nn

from attnwidget.capture import capture
from tests.capture.test_torch_modules import Attention, Stack, ids


class ByHand(Attention):
    """The same attention, going on with the weights themselves."""

    def forward(self, x, mask=None):
        super().forward(x, mask)
        values = self.split(self.value(x), self.groups)
        if self.weights.requires_grad:
            self.weights.retain_grad()
        context = self.weights @ values.repeat_interleave(self.heads // self.groups, 1)
        return context.transpose(1, 2).flatten(2)


class Returning(ByHand):
    """Returns its weights, or a copy of them."""

    def __init__(self, *, copies: bool) -> None:
        super().__init__()
        self.copies = copies

    def forward(self, x, mask=None):
        context = super().forward(x, mask)
        return context, self.weights.clone() if self.copies else self.weights


class TwoOutputs(Stack):
    def forward(self, input_ids, mask=None):
        x = self.embed(input_ids)
        for layer in self.layers:
            x = x + layer(x, mask)[0]
        return x


@pytest.mark.parametrize("frozen", [False, True])
@pytest.mark.parametrize(
    "options", [{}, {"is_causal": True}, {"groups": 2, "enable_gqa": True}], ids=str
)
def test_scaled_dot_product_attention_of_one_entry(options, frozen):
    torch.manual_seed(0)
    model = Stack(Attention(**options), Attention(**options))
    reference = Stack(ByHand(**options), ByHand(**options))
    reference.load_state_dict(model.state_dict())
    reference(ids(batch=3))[1].sum().backward()
    trace = capture(model.requires_grad_(not frozen), {"input_ids": ids(batch=3)}, batch_index=1)
    for layer, module in enumerate(reference.layers):
        expected = module.weights.grad[1]
        torch.testing.assert_close(
            trace.attention_gradient(layer), expected, atol=1e-5 * float(expected.max()), rtol=0
        )


@pytest.mark.parametrize("frozen", [False, True])
@pytest.mark.parametrize("batch_first", [False, True])
def test_multihead_attention(batch_first, frozen):
    torch.manual_seed(0)
    layer = nn.TransformerEncoderLayer(32, 4, 64, batch_first=batch_first, dropout=0.0)
    model = nn.TransformerEncoder(layer, 2, enable_nested_tensor=False).eval()
    given = torch.randn(1, 9, 32) if batch_first else torch.randn(9, 1, 32)
    trace = capture(model.requires_grad_(not frozen), given, target=lambda out: (out**3).sum())
    step, original = 1e-3, trace.attention(0)
    values = original.shape
    gradient = trace.attention_gradient(0)
    assert gradient.shape == values

    # Against a finite difference: one weight is changed on its way to the values.
    def changed(amount):
        def add(module, arguments, output):
            x = arguments[0] if batch_first else arguments[0].transpose(0, 1)
            weight, bias = module.in_proj_weight[64:], module.in_proj_bias[64:]
            value = (x @ weight.T + bias)[0, 5].clone()
            value[:8] = value[16:] = 0
            moved = output[0].clone()
            row = moved[0, 2] if batch_first else moved[2, 0]
            row += amount * value @ module.out_proj.weight.T
            return moved, output[1]

        hook = model.layers[0].self_attn.register_forward_hook(add)
        try:
            with torch.no_grad():
                model.double()
                return float((model(given.double()) ** 3).sum())
        finally:
            hook.remove()

    slope = (changed(step) - changed(-step)) / (2 * step)
    assert float(gradient[1, 2, 5]) == pytest.approx(slope, rel=1e-3)


def test_named_modules():
    torch.manual_seed(0)
    model = TwoOutputs(Returning(copies=False), Returning(copies=False))
    trace = capture(model, {"input_ids": ids()}, modules="layers.?")
    model(ids()).sum().backward()
    for layer, module in enumerate(model.layers):
        torch.testing.assert_close(trace.attention_gradient(layer), module.weights.grad[0])


def test_weights_that_are_copies_have_no_gradient():
    model = TwoOutputs(Returning(copies=True))
    trace = capture(model, {"input_ids": ids()}, modules="layers.?")
    with pytest.raises(ValueError, match="copies, which the model does not go on with"):
        trace.attention_gradient(0)
