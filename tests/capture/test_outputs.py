"""What every attention writes, against the modules of the model, watched by hooks."""

from __future__ import annotations

import pytest
import torch
import transformers as tf
from torch import Tensor, nn

from attnwidget.capture import capture
from attnwidget.trace import ProjectedLayer, Stream, Trace
from attnwidget.trace.frozen_norm import normalised
from tests.capture.architectures import INTERFACE
from tests.capture.eager_gradients import varied
from tests.capture.small_modules import IDS, TEXT, made

ARCHITECTURES = {each.name: each for each in INTERFACE}

SUMS = {
    "bert": ("self", "out", "encoder.layer.1.attention.output.LayerNorm"),
    "albert": (
        "self",
        "out",
        "encoder.albert_layer_groups.0.albert_layers.0.attention.LayerNorm",
    ),
    "distilbert": ("self", "out", "transformer.layer.1.sa_layer_norm"),
    "gpt2": ("self", "in", "transformer.h.1.ln_2"),
    "llama": ("self", "in", "model.layers.1.post_attention_layernorm"),
    "gemma2": ("self", "in", "model.layers.1.pre_feedforward_layernorm"),
    "gpt_oss": ("self", "in", "model.layers.1.post_attention_layernorm"),
    "phi3": ("self", "in", "model.layers.1.post_attention_layernorm"),
    "modernbert": ("self", "in", "layers.1.mlp_norm"),
    "t5": ("encoder", "in", "encoder.block.1.layer.1.layer_norm"),
    "bart": ("cross", "out", "model.decoder.layers.1.encoder_attn_layer_norm"),
    "marian": ("decoder", "out", "model.decoder.layers.1.self_attn_layer_norm"),
    "whisper": ("cross", "in", "model.decoder.layers.1.final_layer_norm"),
    "dinov2": ("self", "in", "layer.1.norm2"),
}
"""A stream, and the module that the sum of its layer 1 goes into or comes out of."""


def sums(stream: Stream, layer: int) -> Tensor:
    """Return the parts of every query of a layer, added up, (n_q, D)."""
    output, attention = stream.output(layer), stream.layers[layer]
    assert isinstance(attention, ProjectedLayer)
    vectors = output.vectors(attention, slice(None), slice(None))
    parts = torch.einsum("hij,hjd->id", stream.attention(layer), vectors)
    written = parts * output.factors(attention)[:, None] + output.constant()
    return normalised(output.after, output.residual + written)


def watched(model: nn.Module, path: str, side: str, inputs: dict[str, Tensor]) -> Tensor:
    """Return what goes into a module, or comes out of it, in its last call of each run."""
    seen = []
    module = next(each for name, each in model.named_modules() if name.endswith(path))
    module.register_forward_hook(lambda _, given, result: seen.append((given[0], result)))
    with torch.no_grad():
        model(**inputs)
    place = 1 if len(seen) > 1 else 0  # ALBERT has one module for all layers
    return seen[place][0 if side == "in" else 1][0]


@pytest.mark.parametrize("name", SUMS)
def test_the_parts_sum_to_the_residual_stream_of_the_model(name: str) -> None:
    model, inputs = varied(ARCHITECTURES[name].model()), ARCHITECTURES[name].inputs()
    stream_name, side, path = SUMS[name]
    found = sums(capture(model, inputs)[stream_name], 1)
    expected = watched(model, path, side, inputs)
    torch.testing.assert_close(found, expected, atol=1e-4 * float(expected.abs().max()), rtol=0)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_every_architecture_of_the_interface_has_outputs(name: str) -> None:
    trace = capture(varied(ARCHITECTURES[name].model()), ARCHITECTURES[name].inputs())
    for stream in trace.stacks:
        assert stream.has_outputs, stream.outputs
        assert stream.written(0).shape == stream.attention(0).shape


@pytest.mark.parametrize("name", ["llama", "bert"])
def test_written_is_attention_times_the_norm_of_the_projected_value(name: str) -> None:
    trace = capture(varied(ARCHITECTURES[name].model()), ARCHITECTURES[name].inputs())
    reference = varied(ARCHITECTURES[name].reference())
    ends = ("v_proj", "o_proj") if name == "llama" else ("self.value", "attention.output.dense")
    modules = dict(reference.named_modules())
    value, out = (
        next(module for each, module in modules.items() if ".1." in each and each.endswith(end))
        for end in ends
    )
    kept = []
    value.register_forward_hook(lambda *given: kept.append(given[2]))
    with torch.no_grad():
        weights = reference(**ARCHITECTURES[name].inputs(), output_attentions=True).attentions[1][0]
    heads = len(weights)
    groups = kept[0].shape[-1] * heads // out.in_features
    values = kept[0][0].unflatten(-1, (groups, -1)).repeat_interleave(heads // groups, 1)
    by_head = out.weight.unflatten(1, (heads, -1))
    norms = torch.stack(
        [(values[:, head] @ by_head[:, head].T).norm(dim=-1) for head in range(heads)]
    )
    found = trace.stacks[0].written(1, [3, 1], queries=slice(2, 9), keys=[0, 4])
    expected = (weights * norms[:, None])[[3, 1]][:, 2:9][:, :, [0, 4]]
    torch.testing.assert_close(found, expected, atol=2e-5, rtol=1e-4)


def test_a_gate_is_refused_by_its_name() -> None:
    config = tf.Qwen3NextConfig(
        **TEXT,
        head_dim=8,
        layer_types=["full_attention", "full_attention"],
        num_experts=0,
        linear_num_value_heads=4,
        linear_num_key_heads=2,
        linear_key_head_dim=8,
        linear_value_head_dim=8,
    )
    stream = capture(made(tf.Qwen3NextForCausalLM, config), {"input_ids": IDS})["self"]
    assert not stream.has_outputs
    with pytest.raises(ValueError, match=r"layers\.0\.self_attn, a gate multiplies") as caught:
        stream.written(0)
    assert "value norm" in str(caught.value)


def test_a_scaled_residual_branch_is_accounted_for() -> None:
    config = tf.GraniteConfig(**TEXT, residual_multiplier=0.25)
    model = varied(made(tf.GraniteForCausalLM, config))
    plain = varied(made(tf.GraniteForCausalLM, tf.GraniteConfig(**TEXT, residual_multiplier=1.0)))
    found = capture(model, {"input_ids": IDS})["self"]
    whole = capture(plain, {"input_ids": IDS})["self"]
    torch.testing.assert_close(found.written(0), whole.written(0) / 4)


def test_an_adapter_of_the_projection_is_part_of_it() -> None:
    peft = pytest.importorskip("peft")
    model = made(tf.LlamaForCausalLM, tf.LlamaConfig(**TEXT))
    options = {"r": 2, "lora_alpha": 3, "target_modules": ["o_proj"]}
    adapted = peft.get_peft_model(model, peft.LoraConfig(**options)).eval()
    with torch.no_grad():
        for name, weight in adapted.named_parameters():
            if "lora_B" in name:
                weight.normal_(generator=torch.Generator().manual_seed(1))
    stream = capture(adapted, {"input_ids": IDS})["self"]
    merged = capture(adapted.merge_and_unload(), {"input_ids": IDS})["self"]
    torch.testing.assert_close(stream.written(1), merged.written(1), atol=1e-5, rtol=1e-4)


def test_padding_and_entries_of_a_batch_are_cropped() -> None:
    model = varied(made(tf.LlamaForCausalLM, tf.LlamaConfig(**TEXT, pad_token_id=0)))
    alone = capture(model, {"input_ids": IDS})["self"]
    batch = torch.cat([torch.full((1, 2), 0), IDS], 1).repeat(2, 1)
    batch[0, 2:] = batch[0, 2:].flip(0)
    mask = (batch != 0).long()
    padded = capture(model, {"input_ids": batch, "attention_mask": mask}, batch_index=1)["self"]
    torch.testing.assert_close(padded.written(1), alone.written(1), atol=1e-5, rtol=1e-4)
    torch.testing.assert_close(padded.output(1).residual, alone.output(1).residual)


def test_half_precision_keeps_outputs() -> None:
    model = made(tf.LlamaForCausalLM, tf.LlamaConfig(**TEXT)).to(torch.bfloat16)
    stream = capture(model, {"input_ids": IDS})["self"]
    assert stream.has_outputs
    assert stream.written(0).dtype == torch.float32


def test_weights_that_were_changed_since_are_not_used() -> None:
    model = made(tf.LlamaForCausalLM, tf.LlamaConfig(**TEXT))
    stream = capture(model, {"input_ids": IDS})["self"]
    stream.written(0)
    with torch.no_grad():
        model.model.layers[1].self_attn.o_proj.weight.mul_(2)
    with pytest.raises(ValueError, match="changed in place after the capture"):
        stream.written(1)
    assert capture(model, {"input_ids": IDS})["self"].written(1).isfinite().all()


def test_arrays_have_no_outputs() -> None:
    arrays = Trace.from_attentions([torch.full((2, 3, 3), 1 / 3)], list("abc"))
    assert not arrays["self"].has_outputs
    with pytest.raises(ValueError, match="made from attention weights"):
        arrays["self"].output(0)


class Reordered(nn.Module):
    """A language model whose positions come back in another order, with the same shape."""

    def __init__(self) -> None:
        super().__init__()
        self.inner = made(tf.LlamaForCausalLM, tf.LlamaConfig(**TEXT))

    def forward(self, input_ids: Tensor) -> Tensor:
        return self.inner(input_ids=input_ids).logits[:, torch.arange(IDS.shape[1]).flip(0)]


def test_positions_in_another_order_are_not_taken_for_the_same() -> None:
    assert not isinstance(capture(Reordered().inner, {"input_ids": IDS}).readout, str)
    assert "no linear function" in str(capture(Reordered().eval(), {"input_ids": IDS}).readout)
