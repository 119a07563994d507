"""Inputs of one length are told apart by what is computed of them."""

import pytest
import torch
from torch import Tensor, nn

from attnwidget.capture import capture
from attnwidget.methods import rollout
from tests.capture.small_modules import Block, Encoder

SOURCE, TARGET = torch.arange(5, 12)[None], torch.arange(20, 27)[None]


def words(ids: Tensor) -> list[str]:
    return [str(each) for each in ids[0].tolist()]


class Translator(nn.Module):
    """An encoder-decoder around nn.Transformer, with one table of embeddings or two."""

    def __init__(self, shares: bool) -> None:
        super().__init__()
        self.src = nn.Embedding(90, 32)
        self.tgt = self.src if shares else nn.Embedding(60, 32)
        self.places = nn.Embedding(40, 32)
        self.transformer = nn.Transformer(32, 4, 2, 2, 48, batch_first=True)

    def forward(self, src: Tensor, tgt: Tensor) -> Tensor:
        source, target = (
            table(ids) + self.places(torch.arange(ids.shape[1]))
            for table, ids in ((self.src, src), (self.tgt, tgt))
        )
        return self.transformer(source, target)


@pytest.mark.parametrize("shares", [True, False])
@pytest.mark.parametrize("length", [5, 7])
def test_source_and_target_of_any_length_have_their_own_tokens(shares, length):
    trace = capture(Translator(shares).eval(), {"src": SOURCE, "tgt": TARGET[:, :length]})
    assert trace["encoder"].query_tokens == words(SOURCE)
    assert trace["decoder"].query_tokens == words(TARGET[:, :length])
    assert trace["cross"].query_tokens == words(TARGET[:, :length])
    assert trace["cross"].key_tokens == words(SOURCE)


class Cross(Block):
    """Attends from one sequence to another."""

    def forward(self, x: Tensor, source: Tensor | None = None) -> Tensor:
        q, k = self.query(x), self.key(source)
        q, k = (each.unflatten(-1, (4, 8)).transpose(1, 2) for each in (q, k))
        self.kept = (q @ k.mT).softmax(-1)
        return x + (self.kept @ k).transpose(1, 2).flatten(2)


class OwnDecoder(nn.Module):
    """Modules whose names say nothing of cross-attention."""

    def __init__(self) -> None:
        super().__init__()
        self.left, self.right = nn.Embedding(90, 32), nn.Embedding(60, 32)
        self.early, self.late = Encoder(2), nn.ModuleList([Cross(), Cross()])

    def forward(self, a: Tensor, b: Tensor) -> Tensor:
        source, x = self.early(self.left(a)), self.right(b)
        for layer in self.late:
            x = layer(x, source)
        return x


@pytest.mark.parametrize("length", [5, 7])
def test_cross_attention_is_known_by_what_it_reads(length):
    model = OwnDecoder().eval()
    trace = capture(model, {"a": SOURCE, "b": TARGET[:, :length]})
    assert [trace[name].num_layers for name in trace.streams] == [2, 2]
    own, cross = (trace[name] for name in trace.streams)
    assert own.query_tokens == words(SOURCE)
    assert (cross.query_tokens, cross.key_tokens) == (words(TARGET[:, :length]), words(SOURCE))
    for layer, module in enumerate(model.late):
        assert torch.allclose(cross.attention(layer), module.kept[0], atol=2e-5)


class Windows(nn.Module):
    """Encodes windows of 4 tokens that do not attend to each other."""

    def __init__(self) -> None:
        super().__init__()
        self.block = Encoder(1)

    def forward(self, x: Tensor) -> Tensor:
        return (
            self.block(x.unflatten(1, (-1, 4)).flatten(0, 1))
            .unflatten(0, (len(x), -1))
            .flatten(1, 2)
        )


def test_windows_and_cross_attention_of_one_length():
    model = OwnDecoder().eval()
    model.early = Windows().eval()
    source, target = torch.arange(5, 13)[None], torch.arange(20, 28)[None]
    trace = capture(model, {"a": source, "b": target})
    own, cross = (trace[name] for name in trace.streams)
    assert own.query_tokens == own.key_tokens == words(source)
    assert not own.attention(0)[:, :4, 4:].any()
    assert torch.allclose(own.attention(0).sum(-1), torch.ones(4, 8), atol=1e-5)
    assert (cross.query_tokens, cross.key_tokens) == (words(target), words(source))
    for layer, module in enumerate(model.late):
        assert torch.allclose(cross.attention(layer), module.kept[0], atol=2e-5)


def test_vectors_beside_ids_have_no_tokens():
    class Beside(OwnDecoder):
        def forward(self, a: Tensor, b: Tensor) -> Tensor:
            return self.late[1](self.late[0](b, self.left(a)), self.left(a))

    trace = capture(Beside().eval(), {"a": SOURCE, "b": torch.randn(1, 7, 32)})
    assert trace.streams == ("cross",)
    assert trace["cross"].query_tokens == [str(place) for place in range(7)]
    assert trace["cross"].key_tokens == words(SOURCE)


@pytest.mark.parametrize(("learned", "zero"), [(True, False), (False, True), (True, True)])
def test_keys_that_a_module_adds_to_those_of_its_tokens(learned, zero):
    class More(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.attention = nn.MultiheadAttention(
                32, 4, batch_first=True, add_bias_kv=learned, add_zero_attn=zero
            )

        def forward(self, x: Tensor) -> Tensor:
            return self.attention(x, x, x)[0]

    model, x = More().eval(), torch.randn(1, 6, 32)
    trace = capture(model, x)
    _, expected = model.attention(x, x, x, average_attn_weights=False)
    names = ["[BIAS]"] * learned + ["[ZERO]"] * zero
    assert trace.streams == ("self",)
    assert trace["self"].key_tokens == [*trace["self"].query_tokens, *names]
    assert torch.allclose(trace.attention(0), expected[0], atol=2e-5)
    with pytest.raises(ValueError, match=rf"has 6 queries and {6 + len(names)} keys"):
        rollout(trace)
