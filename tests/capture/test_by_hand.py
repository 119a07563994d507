"""Attention written by hand, in the ways that people write it, and what only looks like it."""

import pytest
import torch
from torch import Tensor, nn

from attnwidget.capture import capture
from attnwidget.capture.batch import capture_batch

HEADS, SIZE = 2, 4


def heads(x: Tensor) -> Tensor:
    """(B, n, d) as (B, n, H, d / H)."""
    return x.unflatten(-1, (HEADS, SIZE))


def plain(q: Tensor, kept: list[Tensor]) -> Tensor:
    q = q.transpose(1, 2)
    weights = torch.softmax(q @ q.mT / 2, -1)
    kept.append(weights)
    return (weights @ q).transpose(1, 2)


def masked_late(q: Tensor, kept: list[Tensor]) -> Tensor:
    q = q.transpose(1, 2)
    weights = torch.softmax(q @ q.mT / 2, -1).tril()
    weights = weights / weights.sum(-1, keepdim=True)
    kept.append(weights)
    return (weights @ q).transpose(1, 2)


def einsum(q: Tensor, kept: list[Tensor]) -> Tensor:
    weights = torch.softmax(torch.einsum("bqhd,bkhd->bqhk", q, q) / 2, -1)
    kept.append(weights.transpose(1, 2))
    return torch.einsum("bqhk,bkhd->bqhd", weights, q)


def heads_first(q: Tensor, kept: list[Tensor]) -> Tensor:
    q = q.permute(2, 0, 1, 3)
    weights = torch.softmax(q @ q.mT / 2, -1)
    kept.append(weights.transpose(0, 1))
    return (weights @ q).permute(1, 2, 0, 3)


def heads_folded_first(q: Tensor, kept: list[Tensor]) -> Tensor:
    entries = len(q)
    q = q.permute(2, 0, 1, 3).flatten(0, 1)
    weights = torch.softmax(torch.bmm(q, q.mT) / 2, -1)
    kept.append(weights.unflatten(0, (HEADS, entries)).transpose(0, 1))
    return torch.bmm(weights, q).unflatten(0, (HEADS, entries)).permute(1, 2, 0, 3)


def grouped_sdpa(q: Tensor, kept: list[Tensor]) -> Tensor:
    q = q.transpose(1, 2)
    kept.append(torch.softmax(q @ q.mT / 2, -1).detach())
    five = q[:, :, None]
    context = nn.functional.scaled_dot_product_attention(five, five, five)
    return context[:, :, 0].transpose(1, 2)


class Attention(nn.Module):
    def __init__(self, attend) -> None:
        super().__init__()
        self.project, self.attend = nn.Linear(8, 8), attend
        self.kept: list[Tensor] = []

    def forward(self, x: Tensor) -> Tensor:
        return x + self.attend(heads(self.project(x) * 2), self.kept).flatten(2)


@pytest.mark.parametrize("entries", [1, 2, 3])
@pytest.mark.parametrize("length", [2, 5])
@pytest.mark.parametrize(
    "attend", [plain, masked_late, einsum, heads_first, heads_folded_first, grouped_sdpa]
)
def test_what_is_multiplied_with_the_values_is_shown(attend, length, entries):
    torch.manual_seed(0)
    model = nn.Sequential(Attention(attend), Attention(attend)).eval()
    x = torch.randn(entries, length, 8)
    model(x)
    expected = [layer.kept[0][-1].detach() for layer in model]
    traces = capture_batch(model, x)
    traces.append(capture(model, x, batch_index=entries - 1 if entries > 1 else None))
    for trace in traces[-2:]:
        assert trace.streams == ("self",)
        for layer, weights in enumerate(expected):
            assert torch.allclose(trace.attention(layer), weights, atol=1e-5)


class Router(nn.Module):
    """A softmax that is no attention: shares of experts, as many as there are tokens."""

    def __init__(self) -> None:
        super().__init__()
        self.shares = nn.Linear(8, 5)

    def forward(self, x: Tensor) -> Tensor:
        return x * self.shares(x).softmax(-1).amax(-1, keepdim=True)


class Linear(nn.Module):
    """Linear attention, whose features are made by softmax."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key = nn.Linear(8, 8), nn.Linear(8, 8)

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = (heads(each).transpose(1, 2) for each in (self.query(x), self.key(x), x))
        context = q.softmax(-1) @ (k.softmax(-2).mT @ v)
        return x + context.transpose(1, 2).flatten(2)


@pytest.mark.parametrize("kind", [Router, Linear])
@pytest.mark.parametrize("length", [4, 5])
def test_other_softmaxes_are_no_attention(kind, length):
    x = torch.randn(1, length, 8)
    with pytest.raises(ValueError, match="No attention could be caught"):
        capture(nn.Sequential(kind(), kind()).eval(), x)
    beside = nn.Sequential(kind(), Attention(plain), kind()).eval()
    assert capture(beside, x).num_layers == 1


def test_weights_that_are_no_shares_are_refused():
    def halved(q, kept):
        q = q.transpose(1, 2)
        return ((torch.softmax(q @ q.mT, -1) / 2) @ q).transpose(1, 2)

    with pytest.raises(ValueError, match=r"rows sum to between 0\.5 and 0\.5.*modules="):
        capture(nn.Sequential(Attention(halved)).eval(), torch.randn(1, 5, 8))


def test_both_kinds_in_one_model_are_all_layers():
    model = nn.Sequential(Attention(grouped_sdpa), Attention(plain), Attention(grouped_sdpa))
    x = torch.randn(1, 5, 8)
    trace = capture(model.eval(), x)
    assert trace.num_layers == 3
    for layer, module in enumerate(model):
        assert torch.allclose(trace.attention(layer), module.kept[0][0], atol=1e-5)


class Crossing(nn.Module):
    """An encoder, a decoder and cross-attention of one head, by hand."""

    def __init__(self) -> None:
        super().__init__()
        self.read, self.write = Attention(plain), Attention(plain)
        self.kept: list[Tensor] = []

    def forward(self, source: Tensor, target: Tensor) -> Tensor:
        source, target = self.read(source), self.write(target)
        weights = torch.softmax(target @ source.mT, -1)
        self.kept.append(weights)
        return target + weights @ source


def test_cross_attention_of_one_head():
    torch.manual_seed(0)
    model = Crossing().eval()
    source, target = torch.randn(1, 6, 8), torch.randn(1, 4, 8)
    trace = capture(model, {"source": source, "target": target})
    assert set(trace.streams) == {"read", "write", "cross"}
    assert torch.allclose(trace["cross"].attention(0), model.kept[0].detach(), atol=1e-5)
