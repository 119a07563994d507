"""Cuts in modules of no library, against the same modules with a mask."""

import pytest
import torch
from torch import Tensor, nn

import attnwidget as aw
from attnwidget.capture import capture
from tests.capture.test_torch_modules import Attention, Stack, ids

TOLERANCE = 2e-5
HEADS, LENGTH = 4, 9


def forbidden(queries: list[int], keys: list[int]) -> Tensor:
    """Additive (n, n)."""
    mask = torch.zeros(LENGTH, LENGTH)
    mask[torch.tensor(queries)[:, None], torch.tensor(keys)] = -torch.inf
    return mask


def output_of(trace: aw.Trace, cuts: object) -> Tensor:
    seen = []

    def keep(output):
        seen.append(output.detach().clone())
        return output.sum()

    aw.knockout(trace, cuts, target=keep)
    return seen[-1]


def by_hand(equation: bool) -> type[nn.Module]:
    class ByHand(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.query, self.key, self.value = (nn.Linear(32, 32) for _ in range(3))

        def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
            q, k, v = (
                each(x).unflatten(-1, (HEADS, 8)) for each in (self.query, self.key, self.value)
            )
            if equation:
                scores = torch.einsum("bihd,bjhd->bhij", q, k)
            else:
                scores = q.transpose(1, 2) @ k.permute(0, 2, 3, 1)
            weights = (scores if mask is None else scores + mask).softmax(-1)
            if equation:
                return torch.einsum("bhij,bjhd->bihd", weights, v).flatten(2)
            return (weights @ v.transpose(1, 2)).transpose(1, 2).flatten(2)

    return ByHand


class MultiHead(nn.Module):
    def __init__(self, batch_first: bool = True) -> None:
        super().__init__()
        self.attention = nn.MultiheadAttention(32, HEADS, batch_first=batch_first)

    def forward(self, x: Tensor, mask: Tensor | None = None) -> Tensor:
        x = x if self.attention.batch_first else x.transpose(0, 1)
        out, weights = self.attention(x, x, x, attn_mask=mask, average_attn_weights=False)
        # What a module makes of the weights that it got is cut, too.
        out = out + weights.amax()
        return out if self.attention.batch_first else out.transpose(0, 1)


KINDS = {
    "sdpa": Attention,
    "grouped": lambda: Attention(groups=2, enable_gqa=True),
    "by hand": by_hand(False),
    "einsum": by_hand(True),
    "multi-head": MultiHead,
    "length first": lambda: MultiHead(batch_first=False),
}


@pytest.mark.parametrize("kind", KINDS)
def test_renormalising_equals_a_mask(kind):
    torch.manual_seed(0)
    plain = Stack(KINDS[kind](), KINDS[kind]()).eval()
    trace = capture(plain, {"input_ids": ids()})
    with torch.no_grad():
        expected = plain(ids(), forbidden([2, 5], [1, 7]))
    actual = output_of(trace, aw.Cut(queries=[2, 5], keys=[1, 7]))
    torch.testing.assert_close(actual, expected, atol=TOLERANCE, rtol=TOLERANCE)
    torch.testing.assert_close(plain(ids()), plain(ids()))


@pytest.mark.parametrize("mode", ["zero", "mean"])
@pytest.mark.parametrize("kind", KINDS)
def test_whole_heads_equal_sdpa(kind, mode):
    """The same weights in a module of SDPA, whose context is changed."""
    torch.manual_seed(0)
    module = KINDS[kind]().eval()
    plain = Stack(module)
    trace = capture(plain, {"input_ids": ids()})
    whole = output_of(trace, aw.Cut(0, [0, 1, 2, 3], mode=mode))
    one_by_one = output_of(trace, [aw.Cut(0, head, mode=mode) for head in range(HEADS)])
    torch.testing.assert_close(whole, one_by_one, atol=TOLERANCE, rtol=TOLERANCE)
    with torch.no_grad():
        x = plain.embed(ids())
        if isinstance(module, MultiHead):
            bias = module.attention.out_proj.bias
            weights = capture(plain, {"input_ids": ids()}).attention(0)
            largest = 0.0 if mode == "zero" else float(weights.mean(1).max())
            contexts = (whole - x) - largest
            if mode == "zero":
                torch.testing.assert_close(contexts, bias.expand_as(x), atol=1e-5, rtol=1e-5)
            return
        context = module(x)
        expected = torch.zeros_like(x) if mode == "zero" else context.mean(1, keepdim=True)
    torch.testing.assert_close(whole, x + expected, atol=TOLERANCE, rtol=TOLERANCE)


@pytest.mark.parametrize("kind", KINDS)
def test_the_trace_of_the_cut_run(kind):
    torch.manual_seed(0)
    plain = Stack(KINDS[kind](), KINDS[kind]()).eval()
    trace = capture(plain, {"input_ids": ids()}, target=("hidden", None))
    expected = capture(
        plain, {"input_ids": ids(), "mask": forbidden([4], [0, 3])}, target=("hidden", None)
    )
    found = aw.knockout(trace, aw.Cut(queries=4, keys=[0, 3])).trace
    for layer in range(2):
        torch.testing.assert_close(
            found.attention(layer), expected.attention(layer), atol=TOLERANCE, rtol=0
        )
        torch.testing.assert_close(
            found.attention_gradient(layer) * found.attention(layer),
            expected.attention_gradient(layer) * expected.attention(layer),
            atol=1e-4,
            rtol=1e-4,
        )


def test_torchs_encoder():
    torch.manual_seed(0)
    layer = nn.TransformerEncoderLayer(32, HEADS, 48, batch_first=True)
    plain = nn.Sequential(nn.TransformerEncoder(layer, 2, enable_nested_tensor=False)).eval()
    x = torch.randn(1, LENGTH, 32)
    with torch.no_grad():
        expected = plain[0](x, mask=forbidden(list(range(LENGTH)), [3]))
    actual = output_of(capture(plain, x), aw.Cut(keys=3))
    torch.testing.assert_close(actual, expected, atol=TOLERANCE, rtol=TOLERANCE)


def test_keys_that_are_no_tokens_are_refused():
    torch.manual_seed(0)

    class Appends(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.attention = nn.MultiheadAttention(32, HEADS, add_bias_kv=True, batch_first=True)

        def forward(self, x: Tensor) -> Tensor:
            return self.attention(x, x, x)[0]

    trace = capture(Appends(), torch.randn(1, LENGTH, 32))
    with pytest.raises(ValueError, match="keys that are no tokens"):
        aw.knockout(trace, aw.Cut(keys=1), target=lambda output: output.sum())
