"""Images, tiles and windows of models of images and text."""

import pytest
import torch
import transformers as tf

from attnwidget.capture import capture
from tests.capture.small_modules import TEXT, VISION, made


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


def test_frames_of_a_video_are_streams_and_named_among_the_words():
    kind, config = tf.Qwen2VLForConditionalGeneration, tf.Qwen2VLConfig
    model, _ = qwen(kind, config, {"depth": 2, "embed_dim": 32, "mlp_ratio": 2}, 1)
    model.config.video_token_id = 115
    ids = torch.tensor([[111, *[115] * 32, 112, 5, 6, 7]])
    inputs = {
        "input_ids": ids,
        "attention_mask": torch.ones_like(ids),
        "mm_token_type_ids": (ids == 115).long() * 2,
        "pixel_values_videos": torch.randn(128, 96),
        "video_grid_thw": torch.tensor([[2, 8, 8]]),
    }
    trace = capture(model, inputs)
    assert [trace[name].num_layers for name in trace.streams] == [2, 2, 2]
    assert trace["text"].query_tokens[16:18] == ["img f0 r3 c3", "img f1 r0 c0"]
    as_images = {
        "pixel_values": inputs["pixel_values_videos"],
        "image_grid_thw": inputs["video_grid_thw"],
    }
    own_weights = zip(*spied_tower(model, as_images), strict=True)
    for frame, own in enumerate(own_weights):
        stream = trace[f"vision {frame + 1}"]
        assert stream.query_tokens[0] == f"f{frame} r0 c0"
        for layer, weights in enumerate(own):
            assert torch.allclose(stream.attention(layer), weights, atol=2e-5)
