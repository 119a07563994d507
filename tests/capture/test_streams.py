"""Every stack and run of a model is a stream of its own."""

import pytest
import torch
import transformers as tf
from torch import Tensor, nn
from torch.nn import functional

from attnwidget.capture import capture
from tests.capture.small_modules import IDS, TEXT, VISION, Block, Encoder, made

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
    config = tf.DetrConfig(
        d_model=32,
        encoder_layers=2,
        decoder_layers=2,
        encoder_attention_heads=4,
        decoder_attention_heads=4,
        encoder_ffn_dim=48,
        decoder_ffn_dim=48,
        num_queries=6,
        use_timm_backbone=False,
        use_pretrained_backbone=False,
        backbone=None,
        backbone_config=tf.ResNetConfig(
            embedding_size=8, hidden_sizes=[8, 16], depths=[1, 1], out_features=["stage2"]
        ),
    )
    trace = capture(
        made(tf.DetrForObjectDetection, config), {"pixel_values": torch.randn(1, 3, 32, 32)}
    )
    assert trace.streams == ("encoder", "decoder", "cross")
    assert len(trace["decoder"].queries) == 6
    assert trace["cross"].num_layers == 2
