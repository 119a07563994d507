"""Effects of connections, against autograd of eager attention and against finite differences."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

import attnwidget as aw
from attnwidget.frames import Workspace, make_frame
from attnwidget.methods.registry import METHODS, refusal
from tests.frames.reference import dense
from tests.methods.models import inputs, model, trace


def assert_near(actual: Tensor, expected: Tensor, tolerance: float = 1e-5) -> None:
    largest = float(expected.abs().max())
    assert largest > 0
    torch.testing.assert_close(actual, expected.float(), atol=tolerance * largest, rtol=0)


def by_autograd(name: str, layer: int) -> Tensor:
    """Return ``A * dL/dA`` of eager attention, with L the last hidden state's sum at token 4."""
    reference = model(name, eager=True)
    output = reference(**inputs(name), output_attentions=True, output_hidden_states=True)
    weights = output.attentions[layer]
    (gradient,) = torch.autograd.grad(output.hidden_states[-1][0, 4].sum(), weights)
    return (weights * gradient)[0].detach()


@pytest.mark.parametrize("name", ["bert", "llama"])
@pytest.mark.parametrize("heads", [None, [2, 0], -1])
def test_they_equal_autograd_with_their_signs(name: str, heads: object) -> None:
    chosen = slice(None) if heads is None else [heads] if isinstance(heads, int) else heads
    expected = by_autograd(name, 1)[chosen]
    assert bool((expected < 0).any())
    assert bool((expected > 0).any())
    assert_near(aw.effects(trace(name), 1, heads, target=("hidden", 4)), expected)
    assert_near(aw.effects(trace(name, ("hidden", 4))["self"], -2, heads), expected)


class Scaled(nn.Module):
    """Two layers of attention by hand, whose weights can be scaled one by one."""

    def __init__(self) -> None:
        super().__init__()
        torch.manual_seed(0)
        self.maps = nn.ModuleList(nn.Linear(8, 8) for _ in range(6))
        self.factors: list[Tensor | None] = [None, None]

    def forward(self, x: Tensor) -> Tensor:
        for place, factor in enumerate(self.factors):
            q, k, v = (
                each(x).unflatten(-1, (2, 4)).transpose(1, 2)
                for each in self.maps[3 * place : 3 * place + 3]
            )
            weights = (q @ k.mT / 2).softmax(-1)
            if factor is not None:
                weights = weights * factor
            x = torch.tanh(x + (weights @ v).transpose(1, 2).flatten(2))
        return x


def test_they_are_the_slope_as_a_weight_shrinks() -> None:
    """Finite differences: one weight is scaled, all others and the softmax stay as they are."""
    module, x = Scaled().eval(), torch.randn(1, 5, 8, generator=torch.Generator().manual_seed(1))
    found = aw.effects(aw.capture(module, x, target=lambda output: output[0, 4, :3].sum()), 0)
    exact, step = Scaled().double().eval(), 1e-4
    for head, query, key in ((0, 1, 3), (1, 4, 0), (0, 2, 2), (1, 0, 4)):
        totals = []
        for sign in (1, -1):
            factor = torch.ones(2, 5, 5, dtype=torch.float64)
            factor[head, query, key] += sign * step
            exact.factors[0] = factor
            totals.append(exact(x.double())[0, 4, :3].sum().item())
        slope = (totals[0] - totals[1]) / (2 * step)
        assert float(found[head, query, key]) == pytest.approx(slope, rel=1e-3, abs=1e-6)


def test_their_magnitude_is_gradient_flow_and_their_rows_are_the_effect_of_the_context() -> None:
    traced = trace("llama", ("hidden", 4))
    found = aw.effects(traced, 0)
    assert_near(found.abs(), aw.gradient_flow(traced, 0, normalize=False))
    stream = traced["self"]
    contexts = stream.attention(0) @ stream.value(0)
    assert_near(found.sum(-1), (contexts * stream.context_gradient(0)).sum(-1), 1e-4)


@pytest.mark.parametrize("heads", [None, [3], [0, 2]])
@pytest.mark.parametrize("fusion", ["mean", "max", "min"])
def test_a_frame_holds_the_same(heads: list[int] | None, fusion: str) -> None:
    traced = trace("llama", ("hidden", 4))
    want = {"kind": "rows", "method": "effects", "layer": 1, "heads": heads, "fusion": fusion}
    found = dense(make_frame(Workspace(traced), want), len(traced.tokens))
    expected = aw.effects(traced, 1, heads)
    if heads is None:
        expected = aw.fuse_heads(expected, fusion)[None]
    assert_near(torch.from_numpy(found).float(), expected, 1e-3)


def test_what_has_no_gradients_is_refused() -> None:
    arrays = aw.Trace.from_attentions([torch.full((2, 3, 3), 1 / 3)], list("abc"))
    assert "effects needs gradients" in (refusal(arrays, arrays["self"], "effects") or "")
    with pytest.raises(ValueError, match="Gradients and predictions need"):
        aw.effects(arrays, 0)
    with pytest.raises(ValueError, match="stream must be one of self"):
        aw.effects(trace("bert"), 0, stream="cross")
    with pytest.raises(IndexError, match="layer 9"):
        aw.effects(trace("bert"), 9)


def test_every_method_says_which_question_it_answers() -> None:
    for method in METHODS.values():
        assert method.question.endswith("?"), method.name
        assert len(method.question) <= 80, method.name
        assert method.to_json()["question"] == method.question
