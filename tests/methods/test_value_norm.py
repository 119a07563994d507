"""Attention times the norm of the values, against eager attention and the values of a hook."""

from __future__ import annotations

import pytest
import torch

import attnwidget as aw
from attnwidget.frames import Workspace, make_frame
from attnwidget.methods.registry import refusal
from tests.frames.reference import dense
from tests.methods.models import inputs, model, trace

VALUES = {"bert": "encoder.layer.1.attention.self.value", "llama": "layers.1.self_attn.v_proj"}


def expected(name: str) -> torch.Tensor:
    """Return ``A ||v||`` of layer 1 from eager attention and the output of the value projection."""
    reference, kept = model(name, eager=True), []
    modules = dict(reference.named_modules())
    path = next(each for each in modules if each.endswith(VALUES[name]))
    modules[path].register_forward_hook(lambda *given: kept.append(given[2]))
    with torch.no_grad():
        weights = reference(**inputs(name), output_attentions=True).attentions[1][0]
    heads = reference.config.num_attention_heads
    groups = getattr(reference.config, "num_key_value_heads", heads)
    values = kept[0][0].unflatten(-1, (groups, -1)).transpose(0, 1)
    norms = values.norm(dim=-1).repeat_interleave(heads // groups, 0)
    return weights * norms[:, None]


@pytest.mark.parametrize("name", VALUES)
@pytest.mark.parametrize("heads", [None, [2, 0], -1])
def test_it_equals_eager_attention_times_the_norm_of_the_values(name: str, heads: object) -> None:
    chosen = slice(None) if heads is None else [heads] if isinstance(heads, int) else heads
    found = aw.value_norm(trace(name), 1, heads)
    torch.testing.assert_close(found, expected(name)[chosen], atol=2e-5, rtol=0)
    assert torch.equal(aw.value_norm(trace(name)["self"], -2, heads), found)


@pytest.mark.parametrize("heads", [[3], [0, 2]])
def test_a_frame_holds_the_same(heads: list[int]) -> None:
    captured = trace("llama")
    want = {"kind": "rows", "method": "value_norm", "layer": 1, "heads": heads, "full": True}
    frame = make_frame(Workspace(captured), want)
    found = dense(frame, len(captured.tokens))
    torch.testing.assert_close(
        torch.from_numpy(found).float(), aw.value_norm(captured, 1, heads), atol=1e-3, rtol=1e-3
    )
    fused = make_frame(Workspace(captured), {**want, "heads": None, "fusion": "max"})
    assert fused.fields["scale"] == pytest.approx(float(aw.value_norm(captured, 1).max()))


def test_arrays_have_no_values() -> None:
    arrays = aw.Trace.from_attentions([torch.full((2, 3, 3), 1 / 3)], list("abc"))
    with pytest.raises(ValueError, match="holds attention weights without"):
        aw.value_norm(arrays, 0)
    assert "value norm needs value vectors" in (refusal(arrays, arrays["self"], "value_norm") or "")
    with pytest.raises(ValueError, match="stream must be one of self"):
        aw.value_norm(trace("bert"), 0, stream="cross")
    with pytest.raises(IndexError, match="layer 9"):
        aw.value_norm(trace("bert"), 9)
