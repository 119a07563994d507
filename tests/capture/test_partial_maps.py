"""Attention that a model computes in chunks, or of which it returns parts or no map at all."""

import pytest
import torch
import transformers as tf
from torch import nn
from transformers.models.qwen2_vl.configuration_qwen2_vl import Qwen2VLVisionConfig
from transformers.models.qwen2_vl.modeling_qwen2_vl import Qwen2VisionTransformerPretrainedModel

from attnwidget import capture
from tests.capture.architectures import spread

SMALL = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4}


@pytest.mark.parametrize("length", [9, 128, 150, 300])
def test_chunks_of_a_text_make_one_map(length):
    config = tf.CanineConfig(
        **SMALL, intermediate_size=48, max_position_embeddings=512, num_hash_buckets=512
    )
    torch.manual_seed(0)
    model = spread(tf.CanineModel(config).eval())
    chunks: list[torch.Tensor] = []
    local = model.initial_char_encoder.layer[0].attention.self
    ids = torch.randint(5, 1000, (1, length))
    hook = local.register_forward_hook(lambda *call: chunks.append(call[-1][1][0]))
    model(ids, output_attentions=True)
    hook.remove()
    trace = capture(model, {"input_ids": ids})
    stream = next(each for each in trace.stacks if len(each.queries) == length)
    heads = [torch.block_diag(*(chunk[head] for chunk in chunks)) for head in range(4)]
    assert torch.allclose(stream.attention(0), torch.stack(heads), atol=1e-5)
    assert stream.num_layers == 2


@pytest.mark.parametrize("implementation", ["eager", "sdpa"])
def test_a_model_is_captured_as_it_was_loaded(implementation):
    """transformers runs this model causally with SDPA, and not so with eager attention."""
    config = tf.PaliGemmaConfig(
        text_config={
            "model_type": "gemma",
            "vocab_size": 99,
            "head_dim": 8,
            "num_key_value_heads": 2,
            "intermediate_size": 48,
            **SMALL,
        },
        vision_config={"image_size": 16, "patch_size": 8, "intermediate_size": 48, **SMALL},
        image_token_index=90,
        attn_implementation=implementation,
    )
    torch.manual_seed(0)
    model = spread(tf.PaliGemmaForConditionalGeneration(config).eval())
    inputs = {"input_ids": torch.randint(5, 80, (1, 7))}
    returned = _weights(model, inputs)
    found = capture(model, inputs).stacks[0].attention(0)
    assert torch.allclose(found, returned, atol=1e-5)


def _weights(model: tf.PreTrainedModel, inputs: dict[str, torch.Tensor]) -> torch.Tensor:
    """Return the weights of the first layer, from what its projections and its values give."""
    layer = model.model.language_model.layers[0].self_attn
    seen: list[torch.Tensor] = []
    hook = layer.o_proj.register_forward_pre_hook(lambda _, args: seen.append(args[0][0]))
    values: list[torch.Tensor] = []
    other = layer.v_proj.register_forward_hook(lambda *call: values.append(call[-1][0]))
    model(**inputs, use_cache=False)
    hook.remove()
    other.remove()
    (context,), (value,) = seen, values
    heads = context.unflatten(-1, (4, 8)).transpose(0, 1)
    grouped = value.unflatten(-1, (2, 8)).transpose(0, 1).repeat_interleave(2, 0)
    return torch.linalg.lstsq(grouped.mT, heads.mT).solution.mT


def test_sampled_points_are_no_map():
    """RT-DETR's decoder reads points between the positions of the encoder."""
    config = tf.RTDetrV2Config(
        backbone_config=tf.RTDetrResNetConfig(
            embedding_size=8,
            hidden_sizes=[8, 16, 24, 32],
            depths=[1, 1, 1, 1],
            layer_type="basic",
            out_indices=[2, 3, 4],
        ),
        encoder_hidden_dim=32,
        encoder_in_channels=[16, 24, 32],
        encoder_ffn_dim=48,
        encoder_attention_heads=4,
        d_model=32,
        decoder_in_channels=[32, 32, 32],
        decoder_ffn_dim=48,
        decoder_attention_heads=4,
        decoder_layers=2,
        num_queries=6,
    )
    torch.manual_seed(0)
    model = tf.RTDetrV2ForObjectDetection(config).eval()
    pixels = {"pixel_values": torch.randn(1, 3, 64, 64)}
    model.set_attn_implementation("eager")
    expected = model(**pixels, output_attentions=True)
    trace = capture(model, pixels)
    assert {each.name for each in trace.stacks} == {"encoder", "decoder"}
    for layer, weights in enumerate(expected.decoder_attentions):
        assert torch.allclose(trace["decoder"].attention(layer), weights[0], atol=1e-5)


class Blocks(nn.Module):
    """Attends within two blocks of its positions."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        blocks = x.unflatten(1, (2, -1)).unflatten(-1, (4, -1)).permute(0, 3, 1, 2, 4)
        weights = torch.softmax(blocks @ blocks.mT, -1)
        return (weights @ blocks).permute(0, 2, 3, 1, 4).flatten(3).flatten(1, 2)


def test_blocks_are_put_together_to_one_map():
    x = torch.randn(1, 10, 8)
    trace = capture(nn.Sequential(Blocks()).eval(), x)
    parts = x[0].unflatten(0, (2, 5)).unflatten(-1, (4, 2)).permute(2, 0, 1, 3)
    weights = torch.softmax(parts @ parts.mT, -1)
    for head, blocks in enumerate(weights):
        expected = torch.block_diag(*blocks)
        assert torch.allclose(trace.attention(0, head)[0], expected, atol=2e-5)


def _informer(attention: str) -> tf.PreTrainedModel:
    config = tf.InformerConfig(
        prediction_length=4,
        context_length=8,
        lags_sequence=[1],
        d_model=32,
        encoder_ffn_dim=48,
        decoder_ffn_dim=48,
        encoder_attention_heads=4,
        decoder_attention_heads=4,
        attention_type=attention,
        distil=False,
    )
    torch.manual_seed(0)
    return spread(tf.InformerModel(config).eval())


def test_attention_of_a_few_queries_is_refused_with_advice_that_works():
    past = {
        "past_values": torch.randn(1, 9),
        "past_time_features": torch.zeros(1, 9, 0),
        "past_observed_mask": torch.ones(1, 9),
    }
    with pytest.raises(ValueError, match="attention_type='full'"):
        capture(_informer("prob"), past)
    model = _informer("full")
    trace = capture(model, past)
    model.set_attn_implementation("eager")
    expected = model(**past, output_attentions=True).encoder_attentions
    for layer, weights in enumerate(expected):
        assert torch.allclose(trace["encoder"].attention(layer), weights[0], atol=1e-5)


def test_the_patches_of_an_image_are_one_entry():
    config = Qwen2VLVisionConfig(embed_dim=32, hidden_size=32, depth=2, num_heads=4, patch_size=4)
    torch.manual_seed(0)
    model = spread(Qwen2VisionTransformerPretrainedModel(config).eval())
    patches = torch.randn(16, 3 * 2 * 4 * 4)
    trace = capture(model, {"hidden_states": patches, "grid_thw": torch.tensor([[1, 4, 4]])})
    assert [(each.name, len(each.queries)) for each in trace.stacks] == [("self", 16)]
