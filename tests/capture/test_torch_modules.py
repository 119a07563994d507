"""Attention caught in modules that know nothing of transformers."""

import math

import pytest
import torch
from torch import Tensor, nn
from torch.nn import functional

from attnwidget.capture import capture
from tests.capture.architectures import INTERFACE

TOLERANCE = 2e-5


class Attention(nn.Module):
    """Attention through scaled_dot_product_attention, with grouped queries if asked."""

    def __init__(self, heads: int = 4, groups: int = 4, **options: object) -> None:
        super().__init__()
        self.heads, self.groups, self.options = heads, groups, options
        self.query = nn.Linear(32, 8 * heads)
        self.key = nn.Linear(32, 8 * groups)
        self.value = nn.Linear(32, 8 * groups)
        self.weights: Tensor | None = None

    def split(self, x: Tensor, heads: int) -> Tensor:
        return x.unflatten(-1, (heads, 8)).transpose(1, 2)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        q = self.split(self.query(x) * 3, self.heads)
        k, v = (self.split(p(x), self.groups) for p in (self.key, self.value))
        scale = self.options.get("scale") or 1 / math.sqrt(8)
        scores = q @ k.repeat_interleave(self.heads // self.groups, 1).mT * scale
        if self.options.get("is_causal"):
            scores = scores.masked_fill(torch.ones_like(scores).triu(1).bool(), -torch.inf)
        if mask is not None and mask.dtype == torch.bool:
            scores = scores.masked_fill(~mask, -torch.inf)
        elif mask is not None:
            scores = scores + mask
        self.weights = scores.softmax(-1)
        out = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask, **self.options)
        return out.transpose(1, 2).flatten(2)


class Stack(nn.Module):
    def __init__(self, *layers: nn.Module) -> None:
        super().__init__()
        self.embed = nn.Embedding(50, 32)
        self.layers = nn.ModuleList(layers)

    def forward(self, input_ids: Tensor, mask: Tensor | None = None) -> Tensor:
        x = self.embed(input_ids)
        for layer in self.layers:
            x = x + layer(x, mask)
        return x


def ids(batch: int = 1, length: int = 9) -> Tensor:
    return torch.randint(0, 50, (batch, length), generator=torch.Generator().manual_seed(0))


@pytest.mark.parametrize(
    "options",
    [{}, {"is_causal": True}, {"scale": 0.7}, {"groups": 2, "enable_gqa": True}],
    ids=["plain", "causal", "scale", "grouped"],
)
def test_scaled_dot_product_attention(options):
    torch.manual_seed(0)
    model = Stack(Attention(**options), Attention(**options))
    trace = capture(model, {"input_ids": ids()})
    stream = trace["self"]
    assert stream.has_projections
    assert stream.causal == ("is_causal" in options)
    assert stream.query_tokens == [str(each) for each in ids()[0].tolist()]
    for layer, module in enumerate(model.layers):
        torch.testing.assert_close(
            stream.attention(layer), module.weights[0], atol=TOLERANCE, rtol=0
        )


@pytest.mark.parametrize("additive", [False, True])
def test_a_mask_given_to_scaled_dot_product_attention(additive):
    torch.manual_seed(0)
    model = Stack(Attention())
    mask = torch.rand(9, 9, generator=torch.Generator().manual_seed(1)) > 0.4
    mask |= torch.eye(9, dtype=torch.bool)
    mask[:, -2:] = False
    mask[:, 0] = True
    given = torch.zeros(9, 9).masked_fill(~mask, -torch.inf) if additive else mask
    stream = capture(model, {"input_ids": ids(), "mask": given})["self"]
    expected = model.layers[0].weights[0, :, :7, :7]
    assert len(stream.keys) == 7, "the last two tokens are padding"
    torch.testing.assert_close(stream.attention(0), expected, atol=TOLERANCE, rtol=0)


def test_one_entry_of_a_batch_that_the_module_runs_whole():
    torch.manual_seed(0)
    model = Stack(Attention())
    with pytest.raises(ValueError, match="batch_index"):
        capture(model, {"input_ids": ids(3)})
    stream = capture(model, {"input_ids": ids(3)}, batch_index=2)["self"]
    torch.testing.assert_close(stream.attention(0), model.layers[0].weights[0])
    model(ids(3))
    torch.testing.assert_close(stream.attention(0), model.layers[0].weights[2])
    assert stream.query_tokens == [str(each) for each in ids(3)[2].tolist()]


@pytest.mark.parametrize("batch_first", [True, False])
def test_transformer_encoder_with_padding(batch_first):
    """nn.TransformerEncoder takes a fused path in evaluation mode, which must be left."""
    torch.manual_seed(0)
    layer = nn.TransformerEncoderLayer(32, 4, 64, dropout=0.1, batch_first=batch_first)
    model = nn.TransformerEncoder(layer, 3)
    source = torch.randn(1, 9, 32) * 2
    padding = torch.zeros(1, 9, dtype=torch.bool)
    padding[0, 7:] = True

    expected, x = [], source
    model.eval()
    for each in model.layers:
        _, weights = _weights(each.self_attn, x, padding, batch_first)
        expected.append(weights)
        x = _through(each, x, padding, batch_first)
    model.train()

    given = source if batch_first else source.transpose(0, 1)
    stream = capture(model, {"src": given, "src_key_padding_mask": padding})["self"]
    assert model.training
    assert stream.num_layers == 3
    assert len(stream.keys) == 7
    for number, weights in enumerate(expected):
        torch.testing.assert_close(
            stream.attention(number), weights[0, :, :7, :7], atol=TOLERANCE, rtol=0
        )


def _weights(attention, x, padding, batch_first):
    x = x if batch_first else x.transpose(0, 1)
    return attention(x, x, x, key_padding_mask=padding, average_attn_weights=False)


def _through(layer, x, padding, batch_first):
    if batch_first:
        return layer(x, src_key_padding_mask=padding)
    return layer(x.transpose(0, 1), src_key_padding_mask=padding).transpose(0, 1)


def test_multi_head_attention_that_returns_its_weights():
    class Model(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.attention = nn.MultiheadAttention(32, 4, batch_first=True)
            self.returned: Tensor | None = None

        def forward(self, x: Tensor) -> Tensor:
            out, self.returned = self.attention(x, x, x)
            return out

    torch.manual_seed(0)
    model, x = Model().eval(), torch.randn(1, 6, 32)
    _, expected = model.attention(x, x, x, average_attn_weights=False)
    plain = model(x)
    averaged = model.returned

    stream = capture(model, x)["self"]

    torch.testing.assert_close(stream.attention(0), expected[0], atol=TOLERANCE, rtol=0)
    torch.testing.assert_close(model.returned, averaged)
    torch.testing.assert_close(model(x), plain)


def test_transformer_with_encoder_decoder_and_cross():
    torch.manual_seed(0)
    model = nn.Transformer(32, 4, 2, 3, 64, batch_first=True)
    source, target = torch.randn(1, 8, 32), torch.randn(1, 5, 32)
    mask = nn.Transformer.generate_square_subsequent_mask(5)
    trace = capture(model, {"src": source, "tgt": target, "tgt_mask": mask})
    assert trace.streams == ("encoder", "decoder", "cross")
    assert [trace[name].num_layers for name in trace] == [2, 3, 3]
    assert trace["cross"].attention(0).shape == (4, 5, 8)
    assert trace["decoder"].causal
    model.eval()
    with torch.no_grad():
        _, expected = model.encoder.layers[0].self_attn(
            source, source, source, average_attn_weights=False
        )
    torch.testing.assert_close(trace["encoder"].attention(0), expected[0], atol=TOLERANCE, rtol=0)


class OwnAttention(nn.Module):
    """Computes its weights by hand and returns them second."""

    def __init__(self, total: float = 1.0) -> None:
        super().__init__()
        self.total = total

    def forward(self, x: Tensor, _: object = None) -> tuple[Tensor, Tensor]:
        weights = (x @ x.mT).softmax(-1) * self.total
        return weights @ x, weights[:, None]


class OwnStack(Stack):
    def forward(self, input_ids: Tensor) -> Tensor:
        x = self.embed(input_ids)
        for layer in self.layers:
            x = layer(x)[0]
        return x


def test_modules_found_by_name():
    torch.manual_seed(0)
    model = OwnStack(OwnAttention(), OwnAttention())
    x = model.embed(ids())
    expected = (x @ x.mT).softmax(-1).detach()
    for modules in (None, "layers.*"):
        stream = capture(model, {"input_ids": ids()}, modules=modules)["self"]
        assert stream.num_layers == 2
        torch.testing.assert_close(stream.attention(0), expected, atol=TOLERANCE, rtol=0)


def test_modules_found_by_name_must_return_weights():
    with pytest.raises(ValueError, match=r"sum to between 2 and 2"):
        capture(OwnStack(OwnAttention(2.0)), {"input_ids": ids()}, modules="layers.*")
    with pytest.raises(
        ValueError, match=r"The output of 'layers\.0\.query' must be attention.*sum to"
    ):
        capture(Stack(Attention()), {"input_ids": ids()}, modules="layers.*")
    with pytest.raises(ValueError, match=r"named like 'no\.such'.*layers\.0"):
        capture(Stack(Attention()), {"input_ids": ids()}, modules="no.such")


def test_a_model_without_attention():
    with pytest.raises(ValueError, match="No attention could be caught in Linear"):
        capture(nn.Linear(4, 4), torch.randn(1, 3, 4))


class Wrapper(nn.Module):
    """A model of one's own around one of transformers."""

    def __init__(self, model: nn.Module) -> None:
        super().__init__()
        self.backbone = model
        self.head = nn.Linear(32, 2)

    def forward(self, input_ids: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        return self.head(self.backbone(input_ids, attention_mask).last_hidden_state)


@pytest.mark.parametrize("name", ["bert", "gemma3"])
def test_a_transformers_model_inside_of_another_module(name):
    architecture = next(each for each in INTERFACE if each.name == name)
    model = architecture.model()
    inner = getattr(model, "model", model)
    inner.set_attn_implementation("eager")
    stream = capture(Wrapper(inner), architecture.inputs())["self"]
    expected = capture(architecture.model(), architecture.inputs())["self"]
    assert stream.has_projections
    assert stream.query_tokens == expected.query_tokens
    assert inner.config._attn_implementation == "eager"
    torch.testing.assert_close(stream.attention(-1), expected.attention(-1))


def test_a_compiled_model():
    architecture = next(each for each in INTERFACE if each.name == "bert")
    stream = capture(torch.compile(architecture.model()), architecture.inputs())["self"]
    expected = capture(architecture.model(), architecture.inputs())["self"]
    torch.testing.assert_close(stream.attention(-1), expected.attention(-1))
