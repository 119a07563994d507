"""Every stack, run and part of a model is a stream of its own."""

import math

import pytest
import torch
import transformers as tf
from torch import Tensor, nn
from torch.nn import functional

from attnwidget.capture import capture
from tests.capture import small_tokenizers as small

TEXT = {
    "vocab_size": 120,
    "hidden_size": 32,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "intermediate_size": 48,
}
VISION = {
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "image_size": 8,
    "patch_size": 4,
}
SPEECH = {"vocab_size": 60, "d_model": 32, "decoder_layers": 2, "decoder_attention_heads": 4}
IDS = torch.arange(5, 12)[None]


def made(kind, config):
    torch.manual_seed(0)
    return kind(config).eval()


def split(x: Tensor) -> Tensor:
    return x.unflatten(-1, (4, 8)).transpose(1, 2)


class Block(nn.Module):
    """A layer of attention through SDPA."""

    def __init__(self) -> None:
        super().__init__()
        self.query, self.key, self.value = (nn.Linear(32, 32) for _ in range(3))

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = (split(each(x)) for each in (self.query, self.key, self.value))
        context = functional.scaled_dot_product_attention(q, k, v)
        return x + context.transpose(1, 2).flatten(2)

    @torch.no_grad()
    def weights(self, x: Tensor) -> Tensor:
        q, k = split(self.query(x)), split(self.key(x))
        return (q @ k.mT / math.sqrt(8)).softmax(-1)


class Encoder(nn.Sequential):
    def __init__(self, depth: int) -> None:
        super().__init__(*(Block() for _ in range(depth)))


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


class TextAndImage(nn.Module):
    """Two towers of one length, of which one reads ids."""

    def __init__(self) -> None:
        super().__init__()
        self.table = nn.Embedding(60, 32)
        self.visual, self.transformer = Encoder(2), Encoder(2)

    def forward(self, image: Tensor, text: Tensor) -> Tensor:
        return self.visual(image)[:, 0] * self.transformer(self.table(text))[:, 0]


def test_ids_name_the_tower_that_reads_them():
    trace = capture(TextAndImage().eval(), {"image": torch.randn(1, 7, 32), "text": IDS})
    assert trace["vision"].query_tokens == [str(place) for place in range(7)]
    assert trace["transformer"].query_tokens == [str(each) for each in IDS[0].tolist()]


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


def tiles():
    """An InternVL with two image tokens for each of three tiles."""
    vision = {**VISION, "image_size": [8, 8], "patch_size": [4, 4]}
    config = tf.InternVLConfig(
        text_config={**TEXT, "model_type": "llama"},
        vision_config=vision,
        image_token_id=119,
        downsample_ratio=0.5,
        image_seq_length=1,
    )
    ids = torch.tensor([[119] * 3 + [5, 6, 7]])
    return made(tf.InternVLForConditionalGeneration, config), {
        "input_ids": ids,
        "pixel_values": torch.randn(3, 3, 8, 8),
    }


@torch.no_grad()
def test_each_tile_of_an_image_is_a_stream():
    model, inputs = tiles()
    trace = capture(model, inputs)
    towers = [name for name in trace.streams if name.startswith("vision")]
    assert towers == ["vision 1", "vision 2", "vision 3"]
    model.set_attn_implementation("eager")
    text = model(**inputs, output_attentions=True).attentions
    (own,) = (name for name in trace.streams if name not in towers)
    for layer, weights in enumerate(text):
        assert torch.allclose(trace[own].attention(layer), weights[0], atol=2e-5)
    pixels = inputs["pixel_values"]
    images = model.model.vision_tower(pixels, output_attentions=True).attentions
    for tile, name in enumerate(towers):
        for layer, weights in enumerate(images):
            assert torch.allclose(trace[name].attention(layer), weights[tile], atol=2e-5)


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


class ByHand(nn.Module):
    """Attention with a softmax of its own, as teaching code writes it."""

    def __init__(self, folded: bool) -> None:
        super().__init__()
        self.block, self.folded = Block(), folded
        self.attn_drop = nn.Dropout(0.1)

    def forward(self, x: Tensor) -> Tensor:
        q, k, v = (split(each(x)) for each in (self.block.query, self.block.key, self.block.value))
        if self.folded:
            q, k, v = (each.flatten(0, 1) for each in (q, k, v))
        weights = self.attn_drop(functional.softmax(q @ k.mT / math.sqrt(8), dim=-1))
        context = weights @ v
        if self.folded:
            context = context.unflatten(0, (len(x), 4))
        return x + context.transpose(1, 2).flatten(2)


class HandWritten(nn.Module):
    def __init__(self, folded: bool) -> None:
        super().__init__()
        self.embed = nn.Embedding(60, 32)
        self.blocks = nn.Sequential(ByHand(folded), ByHand(folded))
        self.head = nn.Linear(32, 5)

    def forward(self, tokens: Tensor) -> Tensor:
        return self.head(self.blocks(self.embed(tokens)).mean(1))


@pytest.mark.parametrize("folded", [False, True])
@pytest.mark.parametrize("modules", [None, "*.attn_drop"])
@pytest.mark.parametrize("batch_index", [None, 1])
def test_attention_written_by_hand(folded, modules, batch_index):
    torch.manual_seed(0)
    model = HandWritten(folded).eval()
    tokens = torch.randint(0, 60, (1 if batch_index is None else 3, 7))
    trace = capture(model, {"tokens": tokens}, modules=modules, batch_index=batch_index)
    x = model.embed(tokens)
    for layer, block in enumerate(model.blocks):
        expected = block.block.weights(x)[batch_index or 0]
        assert torch.allclose(trace.attention(layer), expected, atol=2e-5)
        x = block(x)
    assert trace.tokens == [str(each) for each in tokens[batch_index or 0].tolist()]
    assert bool(trace.attention_gradient(0).any())


class Returning(nn.Module):
    """Returns its weights second, in an order of axes, or their mean."""

    def __init__(self, returned: str) -> None:
        super().__init__()
        self.num_heads, self.returned, self.block = 4, returned, Block()

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        q, k = split(self.block.query(x)), split(self.block.key(x))
        scores = (q @ k.mT / math.sqrt(8)).exp()
        weights = scores / scores.sum(-1, keepdim=True)
        shown = {"heads first": weights.transpose(0, 1), "mean": weights.mean(1)}
        return x, shown.get(self.returned, weights.flatten(0, 1))


@pytest.mark.parametrize("batch", [1, 3])
@pytest.mark.parametrize("returned", ["heads first", "folded"])
def test_axes_of_returned_weights_are_recognised(returned, batch):
    model, x = nn.Sequential(Returning(returned)).eval(), torch.randn(batch, 6, 32)
    index = batch - 1 if batch > 1 else None
    trace = capture(model, x, modules="0", batch_index=index)
    assert torch.allclose(trace.attention(0), model[0].block.weights(x)[-1], atol=2e-5)


def test_the_mean_of_the_heads_is_refused():
    with pytest.raises(ValueError, match=r"has 4 heads and returned one map, their mean.*average"):
        capture(nn.Sequential(Returning("mean")).eval(), torch.randn(1, 6, 32), modules="0")


class Renamed(nn.Module):
    """A model around BERT with names of its own for the inputs."""

    def __init__(self) -> None:
        super().__init__()
        self.bert = tf.BertModel(tf.BertConfig(**TEXT))

    def forward(self, ids: Tensor, mask: Tensor, kind: Tensor) -> Tensor:
        return self.bert(ids, attention_mask=mask, token_type_ids=kind).pooler_output


class TwoTexts(nn.Module):
    """Encodes two texts with one BERT."""

    def __init__(self) -> None:
        super().__init__()
        self.bert = tf.BertModel(tf.BertConfig(**TEXT))

    def forward(self, left: Tensor, right: Tensor) -> Tensor:
        return self.bert(left).pooler_output * self.bert(right).pooler_output


def test_each_of_two_texts_has_its_own_tokens():
    right = IDS.flip(1)
    trace = capture(TwoTexts().eval(), {"left": IDS, "right": right})
    names = [[str(each) for each in ids[0].tolist()] for ids in (IDS, right)]
    assert [trace[name].query_tokens for name in trace.streams] == names


def test_ids_of_any_name_name_the_tokens():
    tokenizer = small.word_piece()
    encoded = tokenizer("the walk", return_tensors="pt")
    ids = encoded["input_ids"]
    given = {"ids": ids, "mask": torch.ones_like(ids), "kind": torch.zeros_like(ids)}
    trace = capture(Renamed().eval(), given, tokenizer=tokenizer)
    assert trace.tokens == ["[CLS]", "the", "walk", "[SEP]"]


def test_positions_after_the_ids_are_named_as_such():
    config = tf.BigBirdConfig(**TEXT, block_size=4, num_random_blocks=1, max_position_embeddings=64)
    config.attention_type = "original_full"
    trace = capture(made(tf.BigBirdModel, config), {"input_ids": IDS})
    assert trace.tokens == [str(each) for each in IDS[0].tolist()]
    vilt = tf.ViltConfig(**TEXT, image_size=8, patch_size=4, max_position_embeddings=40)
    inputs = {"input_ids": IDS, "pixel_values": torch.randn(1, 3, 8, 8)}
    trace = capture(made(tf.ViltModel, vilt), inputs)
    assert trace.tokens[:7] == [str(each) for each in IDS[0].tolist()]
    assert len(trace.tokens) == 7 + 5


def spied(module, query, key, value, attention_mask, scaling=None, **_):
    """Eager attention without a mask, which keeps its weights at the module."""
    weights = (query @ key.mT * scaling).softmax(-1)
    module.spied = [*getattr(module, "spied", ()), weights[0].detach()]
    return (weights @ value).transpose(1, 2).contiguous(), None


def qwen(kind, config, vision, images):
    """A Qwen-VL that reads images of 8 x 8 patches before three words."""
    text = {**TEXT, "rope_parameters": {"rope_type": "default", "mrope_section": [1, 1, 2]}}
    shared = {"patch_size": 4, "spatial_merge_size": 2, "temporal_patch_size": 2, "num_heads": 4}
    model = made(
        kind,
        config(
            text_config=text,
            vision_config={**shared, "hidden_size": 32, **vision},
            image_token_id=110,
            vision_start_token_id=111,
            vision_end_token_id=112,
        ),
    )
    ids = torch.tensor([[*[111, *[110] * 16, 112] * images, 5, 6, 7]])
    return model, {
        "input_ids": ids,
        "attention_mask": torch.ones_like(ids),
        "mm_token_type_ids": (ids == 110).long(),
        "pixel_values": torch.randn(64 * images, 96),
        "image_grid_thw": torch.tensor([[1, 8, 8]] * images),
    }


def spied_tower(model, inputs):
    """Return what each layer of the vision tower attends to, window by window."""
    tf.AttentionInterface.register("spied", spied)
    blocks = model.model.visual.blocks
    for block in blocks:
        block.attn.config._attn_implementation = "spied"
    try:
        with torch.no_grad():
            model.model.visual(inputs["pixel_values"], grid_thw=inputs["image_grid_thw"])
        return [block.attn.spied for block in blocks]
    finally:
        for block in blocks:
            block.attn.config._attn_implementation = "sdpa"


@pytest.mark.parametrize("images", [1, 2])
def test_windows_of_an_image_are_put_together(images):
    vision = {
        "depth": 4,
        "out_hidden_size": 32,
        "intermediate_size": 48,
        "window_size": 16,
        "fullatt_block_indexes": [1, 3],
    }
    kind, config = tf.Qwen2_5_VLForConditionalGeneration, tf.Qwen2_5_VLConfig
    model, inputs = qwen(kind, config, vision, images)
    trace = capture(model, inputs)
    towers = [name for name in trace.streams if name.startswith("vision")]
    assert len(towers) == images
    # A window is 4 x 4 patches, two blocks of 2 x 2 each way.
    first = ["r0 c0", "r0 c1", "r1 c0", "r1 c1", "r0 c2", "r0 c3"]
    for name in towers:
        assert trace[name].query_tokens[:6] == first
        assert trace[name].query_tokens[16] == "r0 c4"
        assert sorted(trace[name].query_tokens) == sorted(
            f"r{row} c{column}" for row in range(8) for column in range(8)
        )
    prefix = "img1" if images == 2 else "img"
    assert trace["text"].query_tokens[1:6] == [
        f"{prefix} {each}" for each in ("r0 c0", "r0 c1", "r0 c2", "r0 c3", "r1 c0")
    ]
    windows = spied_tower(model, inputs)
    assert [len(each) for each in windows] == [4 * images, images] * 2
    for image, name in enumerate(towers):
        assert trace[name].num_layers == 4
        for layer, found in enumerate(windows):
            own = found[image * len(found) // images : (image + 1) * len(found) // images]
            heads = zip(*own, strict=True)
            expected = torch.stack([torch.block_diag(*each) for each in heads])
            assert torch.allclose(trace[name].attention(layer), expected, atol=2e-5)
        assert trace[name].attention_gradient(0).shape == (4, 64, 64)


def test_two_images_are_two_streams_and_what_is_written_is_read_again():
    kind, config = tf.Qwen2VLForConditionalGeneration, tf.Qwen2VLConfig
    model, inputs = qwen(kind, config, {"depth": 2, "embed_dim": 32, "mlp_ratio": 2}, 2)
    trace = capture(model, inputs, max_new_tokens=3)
    assert trace.streams[-2:] == ("vision 1", "vision 2")
    assert [trace[name].num_layers for name in trace.streams] == [2, 2, 2]
    assert len(trace.stacks[0].queries) == inputs["input_ids"].shape[1] + 3
    own_weights = zip(*spied_tower(model, inputs), strict=True)
    for name, own in zip(trace.streams[1:], own_weights, strict=True):
        for layer, weights in enumerate(own):
            assert torch.allclose(trace[name].attention(layer), weights, atol=2e-5)
