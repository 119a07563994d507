"""ALTI against a plain computation with the modules of the model, watched by hooks."""

from __future__ import annotations

from itertools import chain

import pytest
import torch
from torch import Tensor, nn

import attnwidget as aw
from attnwidget.frames import Workspace, make_frame
from attnwidget.methods.registry import refusal
from tests.frames.reference import dense
from tests.methods.models import inputs, model, trace

LAYER = {
    "bert": "encoder.layer.{}.",
    "gpt2": "transformer.h.{}.",
    "llama": "model.layers.{}.",
}
BLOCKS = {
    "bert": ("attention.self.value", "attention.output.dense", "attention.output.LayerNorm"),
    "gpt2": ("attn.c_attn", "attn.c_proj", "ln_2"),
    "llama": ("self_attn.v_proj", "self_attn.o_proj", "post_attention_layernorm"),
}
"""The projection of values and that of outputs, and the normalisation of the sum, of a layer."""


def plain(name: str, p: int) -> Tensor:
    """Return ALTI by the n² D parts of every layer, in float64."""
    reference, seen = model(name, eager=True), {}
    modules = dict(reference.named_modules())

    def keep(module: nn.Module, given: tuple[Tensor, ...], result: Tensor) -> None:
        seen[module] = given[0][0].double(), result[0].double()

    layers = [
        [modules[LAYER[name].format(layer) + each] for each in BLOCKS[name]] for layer in range(3)
    ]
    for module in chain(*layers):
        module.register_forward_hook(keep)
    with torch.no_grad():
        weights = reference(**inputs(name), output_attentions=True).attentions
    product = None
    for (value, projection, norm), each in zip(layers, weights, strict=True):
        attention, (before, after) = each[0].double(), seen[norm]
        added, heads = seen[projection][1], len(attention)
        values = seen[value][1]
        values = values.chunk(3, -1)[2] if name == "gpt2" else values
        values = values.unflatten(-1, (-1, 8)).transpose(0, 1)
        values = values.repeat_interleave(heads // len(values), 0)
        matrix = projection.weight.double()
        matrix = matrix if name == "gpt2" else matrix.T
        by_head = matrix.unflatten(0, (heads, -1))
        parts = torch.einsum("hij,hjd,hdo->ijo", attention, values, by_head)
        places = range(len(before))
        parts[places, places] += before - added
        total = before
        if name == "bert":
            spread = (before.var(-1, unbiased=False) + norm.eps).sqrt()
            parts = (parts - parts.mean(-1, keepdim=True)) * norm.weight.double()
            parts /= spread[:, None, None]
            total = after
        closer = total.norm(p, -1)[:, None] - (total[:, None] - parts).norm(p, -1)
        shares = closer.clamp(min=0)
        shares /= shares.sum(-1, keepdim=True)
        product = shares if product is None else shares @ product
    assert product is not None
    return product.float()


@pytest.mark.parametrize("p", [1, 2])
@pytest.mark.parametrize("name", BLOCKS)
def test_it_equals_a_plain_computation(name: str, p: int) -> None:
    found = aw.alti(trace(name), p=p)
    torch.testing.assert_close(found, plain(name, p), atol=1e-5, rtol=0)


@pytest.mark.parametrize("name", ["gemma2", "t5", "bart"])
def test_rows_sum_to_one_and_can_be_computed_alone(name: str) -> None:
    captured = trace(name)
    whole = aw.alti(captured)
    torch.testing.assert_close(whole.sum(-1), torch.ones(len(whole)))
    torch.testing.assert_close(aw.alti(captured, rows=[2, -1]), whole[[2, -1]])
    by_layer = aw.alti_by_layer(captured)
    torch.testing.assert_close(by_layer[-1], whole)
    assert len(by_layer) == captured.stacks[-1].num_layers
    torch.testing.assert_close(aw.alti_by_layer(captured, rows=0), by_layer[:, :1])


def test_source_tokens_follow_the_target_tokens_of_an_encoder_decoder() -> None:
    captured = trace("t5")
    targets, sources = len(captured["decoder"].queries), len(captured["encoder"].queries)
    assert aw.alti(captured).shape == (targets, targets + sources)
    assert aw.alti(captured, stream="encoder").shape == (sources, sources)
    # In the first layer of the decoder no later target is reached.
    first = aw.alti_by_layer(captured)[0][:, :targets]
    assert torch.equal(first, first.tril())


def test_blocks_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    captured = trace("llama")
    whole = [aw.alti(captured, p=p) for p in (1, 2)]
    for name, value in (("BLOCK_ELEMENTS", 300), ("ROWS", 3), ("VECTORS_ELEMENTS", 1)):
        monkeypatch.setattr(f"attnwidget.methods.token_shares.{name}", value)
    for p, expected in enumerate(whole, 1):
        torch.testing.assert_close(aw.alti(captured, p=p), expected)


def test_the_widgets_matrix_is_the_same() -> None:
    captured = trace("bert")
    want = {"kind": "rows", "method": "alti", "layer": 2, "heads": None, "full": True}
    found = dense(make_frame(Workspace(captured), want), len(captured.tokens))
    torch.testing.assert_close(
        torch.from_numpy(found)[0].float(), aw.alti(captured), atol=1e-3, rtol=0
    )


def test_what_it_needs_is_said() -> None:
    arrays = aw.Trace.from_attentions([torch.full((2, 3, 3), 1 / 3)], list("abc"))
    with pytest.raises(ValueError, match="holds attention weights without"):
        aw.alti(arrays)
    reason = refusal(arrays, arrays["self"], "alti")
    assert reason is not None
    assert "made from attention weights" in reason
    with pytest.raises(ValueError, match="p must be 1 or 2, but 3"):
        aw.alti(trace("llama"), p=3)  # type: ignore[arg-type]
