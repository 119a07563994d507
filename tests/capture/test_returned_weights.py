"""Weights that modules of a certain name return."""

import math

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from attnwidget.capture import capture
from tests.capture.small_modules import Block, split


class ByHand(nn.Module):
    """Attention with a softmax of its own, as teaching code writes it."""

    def __init__(self, folded: bool) -> None:
        super().__init__()
        self.block, self.folded = Block(), folded
        self.attn_drop = nn.Dropout(0.1)

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = (split(each(x)) for each in (self.block.query, self.block.key, self.block.value))
        if self.folded:
            q, k, v = (each.flatten(0, 1) for each in (q, k, v))
        weights = self.attn_drop(functional.softmax(q @ k.mT / math.sqrt(8), dim=-1))
        context = weights @ v
        if self.folded:
            context = context.unflatten(0, (len(x), 4))
        return x + context.transpose(1, 2).flatten(2)


class HandWritten(nn.Module):
    def __init__(self, folded: bool) -> None:
        super().__init__()
        self.embed = nn.Embedding(60, 32)
        self.blocks = nn.Sequential(ByHand(folded), ByHand(folded))
        self.head = nn.Linear(32, 5)

    def forward(self, tokens: Tensor) -> Tensor:
        return self.head(self.blocks(self.embed(tokens)).mean(1))


@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.parametrize("modules", [None, "*.attn_drop"])
@pytest.mark.parametrize("batch_index", [None, 1])
def test_attention_written_by_hand(folded, modules, batch_index):
    torch.manual_seed(0)
    model = HandWritten(folded).eval()
    tokens = torch.randint(0, 60, (1 if batch_index is None else 3, 7))
    trace = capture(model, {"tokens": tokens}, modules=modules, batch_index=batch_index)
    x = model.embed(tokens)
    for layer, block in enumerate(model.blocks):
        expected = block.block.weights(x)[batch_index or 0]
        assert torch.allclose(trace.attention(layer), expected, atol=2e-5)
        x = block(x)
    assert trace.tokens == [str(each) for each in tokens[batch_index or 0].tolist()]
    assert bool(trace.attention_gradient(0).any())


class Returning(nn.Module):
    """Returns its weights second, in an order of axes, or their mean."""

    def __init__(self, returned: str) -> None:
        super().__init__()
        self.num_heads, self.returned, self.block = 4, returned, Block()

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        q, k = split(self.block.query(x)), split(self.block.key(x))
        scores = (q @ k.mT / math.sqrt(8)).exp()
        weights = scores / scores.sum(-1, keepdim=True)
        shown = {"heads first": weights.transpose(0, 1), "mean": weights.mean(1)}
        return x, shown.get(self.returned, weights.flatten(0, 1))


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("returned", ["heads first", "folded"])
def test_axes_of_returned_weights_are_recognised(returned, batch):
    model, x = nn.Sequential(Returning(returned)).eval(), torch.randn(batch, 6, 32)
    index = batch - 1 if batch > 1 else None
    trace = capture(model, x, modules="0", batch_index=index)
    assert torch.allclose(trace.attention(0), model[0].block.weights(x)[-1], atol=2e-5)


def test_the_mean_of_the_heads_is_refused():
    with pytest.raises(ValueError, match=r"has 4 heads and returned one map, their mean.*average"):
        capture(nn.Sequential(Returning("mean")).eval(), torch.randn(1, 6, 32), modules="0")
