"""Every stack and run of a model is a stream of its own."""

import pytest
import torch
import transformers as tf
from torch import Tensor, nn
from torch.nn import functional

from attnwidget.capture import capture
from tests.capture.small_modules import (
    IDS,
    SEQ2SEQ,
    TEXT,
    VISION,
    Block,
    Encoder,
    detr,
    made,
    split,
)

SPEECH = {"vocab_size": 60, "d_model": 32, "decoder_layers": 2, "decoder_attention_heads": 4}


class Siamese(nn.Module):
    """Encodes two inputs with one encoder."""

    def __init__(self, depth: int) -> None:
        super().__init__()
        self.encoder = Encoder(depth)

    def forward(self, left: Tensor, right: Tensor) -> Tensor:
        return functional.cosine_similarity(self.encoder(left)[:, 0], self.encoder(right)[:, 0])


@pytest.mark.parametrize("depth", [1, 3])
@pytest.mark.parametrize("lengths", [(5, 5), (5, 7)])
def test_two_runs_of_one_encoder_are_two_streams(depth, lengths):
    torch.manual_seed(0)
    model = Siamese(depth).eval()
    left, right = (torch.randn(1, length, 32) for length in lengths)
    trace = capture(model, {"left": left, "right": right})
    assert len(trace.streams) == 2
    for name, x in zip(trace.streams, (left, right), strict=True):
        assert trace[name].num_layers == depth
        for layer, block in enumerate(model.encoder):
            assert torch.allclose(trace[name].attention(layer), block.weights(x)[0], atol=2e-5)
            x = block(x)


class Towers(nn.Module):
    """Two towers, as in CLIP: they have nothing to do with each other."""

    def __init__(self) -> None:
        super().__init__()
        self.visual = nn.ModuleDict({"blocks": Encoder(2)})
        self.transformer = nn.ModuleDict({"blocks": Encoder(3)})

    def forward(self, image: Tensor, text: Tensor) -> Tensor:
        return self.visual["blocks"](image)[:, 0] * self.transformer["blocks"](text)[:, 0]


@pytest.mark.parametrize("lengths", [(6, 6), (6, 9)])
def test_two_towers_of_no_library_are_two_streams(lengths):
    torch.manual_seed(0)
    image, text = (torch.randn(1, length, 32) for length in lengths)
    trace = capture(Towers().eval(), {"image": image, "text": text})
    assert trace.streams == ("vision", "transformer")
    assert [trace[name].num_layers for name in trace.streams] == [2, 3]


class Stages(nn.Module):
    """Two lists of layers, one after the other, of one or of two lengths."""

    def __init__(self, step: int) -> None:
        super().__init__()
        self.early, self.late, self.step = Encoder(2), Encoder(1), step

    def forward(self, x: Tensor) -> Tensor:
        return self.late(self.early(x)[:, :: self.step])


def test_lists_of_layers_that_follow_each_other_are_one_stream():
    trace = capture(Stages(1).eval(), torch.randn(1, 6, 32))
    assert trace.streams == ("self",)
    assert trace.num_layers == 3


def test_stages_of_other_lengths_are_streams():
    trace = capture(Stages(2).eval(), torch.randn(1, 6, 32))
    assert trace.streams == ("early", "late")
    assert [len(trace[name].queries) for name in trace.streams] == [6, 3]


class Looped(nn.Module):
    """One layer that is run again and again: the layers share their weights."""

    def __init__(self) -> None:
        super().__init__()
        self.block = Block()

    def forward(self, x: Tensor) -> Tensor:
        for _ in range(4):
            x = self.block(x)
        return x


def test_a_layer_that_runs_again_on_its_result_is_more_layers():
    trace = capture(Looped().eval(), torch.randn(1, 6, 32))
    assert trace.streams == ("self",)
    assert trace.num_layers == 4
    albert = tf.AlbertConfig(**TEXT, embedding_size=16, num_hidden_groups=1, inner_group_num=2)
    assert capture(made(tf.AlbertModel, albert), {"input_ids": IDS}).num_layers == 4


def test_gradients_of_parallel_streams():
    torch.manual_seed(0)
    model = Siamese(2).eval()
    left, right = torch.randn(1, 5, 32), torch.randn(1, 5, 32)
    trace = capture(model, {"left": left, "right": right}, target=lambda output: output.sum())
    for name in trace.streams:
        assert bool(trace[name].attention_gradient(1).any())


@torch.no_grad()
def test_an_encoder_on_the_interface_and_a_decoder_that_is_not():
    decoder = tf.TrOCRConfig(**SPEECH, decoder_ffn_dim=48, cross_attention_hidden_size=32)
    config = tf.VisionEncoderDecoderConfig.from_encoder_decoder_configs(
        tf.ViTConfig(**VISION), decoder
    )
    config.decoder_start_token_id, config.pad_token_id = 2, 1
    model = made(tf.VisionEncoderDecoderModel, config)
    inputs = {"pixel_values": torch.randn(1, 3, 8, 8), "decoder_input_ids": IDS}
    trace = capture(model, inputs)
    assert trace.streams == ("encoder", "decoder", "cross")
    model.set_attn_implementation({"encoder": "eager", "decoder": "eager"})
    eager = model(**inputs, output_attentions=True)
    found = (eager.encoder_attentions, eager.decoder_attentions, eager.cross_attentions)
    for name, stack in zip(trace.streams, found, strict=True):
        for layer, weights in enumerate(stack):
            assert torch.allclose(trace[name].attention(layer), weights[0], atol=2e-5)


def test_a_model_whose_inner_model_declares_its_attention():
    config = tf.XGLMConfig(vocab_size=60, d_model=32, ffn_dim=48, num_layers=2, attention_heads=4)
    model = made(tf.XGLMForCausalLM, config)
    trace = capture(model, {"input_ids": IDS})
    with torch.no_grad():
        model.set_attn_implementation("eager")
        eager = model(IDS, output_attentions=True).attentions
    for layer, weights in enumerate(eager):
        assert torch.allclose(trace.attention(layer), weights[0], atol=2e-5)


def test_object_queries_attend_to_an_image():
    model, inputs = detr(), {"pixel_values": torch.randn(1, 3, 32, 32)}
    trace = capture(model, inputs)
    assert trace.streams == ("encoder", "decoder", "cross")
    assert len(trace["decoder"].queries) == 6
    model.set_attn_implementation("eager")
    with torch.no_grad():
        eager = model(**inputs, output_attentions=True)
    found = (eager.encoder_attentions, eager.decoder_attentions, eager.cross_attentions)
    for name, stack in zip(trace.streams, found, strict=True):
        assert trace[name].num_layers == len(stack) == 2
        for layer, weights in enumerate(stack):
            assert torch.allclose(trace[name].attention(layer), weights[0], atol=2e-5)


class Unet(nn.Module):
    """Goes down and up again: the lists at either end have one length, the middle another."""

    def __init__(self) -> None:
        super().__init__()
        self.down_blocks, self.mid_block, self.up_blocks = Encoder(2), Encoder(1), Encoder(2)
        self.cross = Crossing()

    def forward(self, x: Tensor, text: Tensor) -> Tensor:
        down = self.down_blocks(x)
        middle = self.mid_block(down[:, ::2])
        return self.cross(self.up_blocks(down + middle.repeat_interleave(2, 1)), text)


class Crossing(Block):
    def forward(self, x: Tensor, text: Tensor) -> Tensor:
        q, k, v = (split(each) for each in (self.query(x), self.key(text), self.value(text)))
        return functional.scaled_dot_product_attention(q, k, v).transpose(1, 2).flatten(2)


def test_lengths_that_come_again_are_named_by_all_their_modules():
    torch.manual_seed(0)
    model, x = Unet().eval(), torch.randn(1, 8, 32)
    trace = capture(model, {"x": x, "text": torch.randn(1, 5, 32)})
    assert trace.streams == ("down_blocks + up_blocks", "mid_block", "cross")
    assert [trace[name].num_layers for name in trace.streams] == [4, 1, 1]
    assert [len(trace[name].keys) for name in trace.streams] == [8, 4, 5]
    for layer, block in enumerate(model.down_blocks):
        assert torch.allclose(trace.attention(layer), block.weights(x)[0], atol=2e-5)
        x = block(x)


def test_each_series_of_numbers_is_a_stream():
    config = tf.PatchTSTConfig(
        num_input_channels=2,
        context_length=32,
        patch_length=8,
        patch_stride=8,
        d_model=32,
        num_hidden_layers=2,
        num_attention_heads=4,
        ffn_dim=48,
        prediction_length=4,
    )
    model, inputs = made(tf.PatchTSTForPrediction, config), {"past_values": torch.randn(1, 32, 2)}
    trace = capture(model, inputs)
    assert trace.streams == ("self 1", "self 2")
    model.set_attn_implementation("eager")
    with torch.no_grad():
        eager = model(**inputs, output_attentions=True).attentions
    for series, name in enumerate(trace.streams):
        for layer, weights in enumerate(eager):
            assert torch.allclose(trace[name].attention(layer), weights[series], atol=2e-5)


def test_a_forecast_runs_once_with_what_is_given():
    config = tf.TimeSeriesTransformerConfig(
        **{name: SEQ2SEQ[name] for name in SEQ2SEQ if name != "vocab_size"},
        prediction_length=4,
        context_length=8,
        lags_sequence=[1, 2],
        num_time_features=1,
    )
    model = made(tf.TimeSeriesTransformerForPrediction, config)
    inputs = {
        "past_values": torch.randn(1, 10),
        "past_time_features": torch.randn(1, 10, 1),
        "past_observed_mask": torch.ones(1, 10),
        "future_values": torch.randn(1, 4),
        "future_time_features": torch.randn(1, 4, 1),
    }
    trace = capture(model, inputs)
    model.set_attn_implementation("eager")
    with torch.no_grad():
        eager = model(**inputs, output_attentions=True)
    found = (eager.encoder_attentions, eager.decoder_attentions, eager.cross_attentions)
    for name, stack in zip(trace.streams, found, strict=True):
        for layer, weights in enumerate(stack):
            assert torch.allclose(trace[name].attention(layer), weights[0], atol=2e-5)
