"""Windows of images, put together to the map of the whole: equal to a partition by hand."""

import pytest
import torch
import transformers as tf

from attnwidget.capture import capture
from attnwidget.capture.batch import capture_batch
from tests.capture.windows_by_hand import eager_weights, whole_map, window_positions

SWIN = {"patch_size": 2, "embed_dim": 8, "depths": [2, 3], "num_heads": [2, 4], "window_size": 4}


def random(kind, config):
    """A model whose attention is far from even."""
    torch.manual_seed(0)
    model = kind(config).eval()
    with torch.no_grad():
        for weights in model.parameters():
            weights.normal_(0, 0.3 if weights.ndim > 1 else 0.1)
    return model


def pixels(height, width, entries=1):
    return torch.randn(entries, 3, height, width, generator=torch.Generator().manual_seed(1))


def swin(kind=tf.SwinModel, config=tf.SwinConfig, size=32):
    return random(kind, config(image_size=size, **SWIN))


def assert_stages(trace, weights, height, width, entry=0, entries=1):
    """Compare the streams of a Swin with its softmaxes: windows of 4, every other one shifted."""
    weights = list(weights)
    assert len(trace) == len(SWIN["depths"])
    for stage, depth in enumerate(SWIN["depths"]):
        stream = trace.stacks[stage]
        sizes = -(-height // 2 ** (stage + 1)), -(-width // 2 ** (stage + 1))
        assert stream.query_tokens[-1] == f"r{sizes[0] - 1} c{sizes[1] - 1}"
        for layer in range(depth):
            found = weights.pop(0).unflatten(0, (entries, -1))[entry]
            shift = 2 * (layer % 2) if min(sizes) > 4 else 0
            slots = window_positions(*sizes, min(4, *sizes), shift)
            count = sizes[0] * sizes[1]
            expected = whole_map(found, slots, slots, (count, count))
            assert torch.allclose(stream.attention(layer), expected, atol=2e-5)
    assert not weights


@pytest.mark.parametrize(
    ("kind", "config"),
    [
        (tf.SwinModel, tf.SwinConfig),
        (tf.Swinv2Model, tf.Swinv2Config),
        (tf.DonutSwinModel, tf.DonutSwinConfig),
    ],
)
@pytest.mark.parametrize(("height", "width"), [(32, 32), (20, 28)])
def test_shifted_windows_are_put_together(kind, config, height, width):
    model, image = swin(kind, config), pixels(height, width)
    trace = capture(model, {"pixel_values": image})
    model.set_attn_implementation("eager")
    assert_stages(trace, eager_weights(model, pixel_values=image), height, width)
    assert trace.stacks[0].has_projections == (kind is tf.SwinModel)


def test_each_entry_of_a_batch_has_its_own_windows():
    model, images = swin(), pixels(32, 24, entries=2)
    weights = eager_weights_of(model, images)
    for entry, trace in enumerate(capture_batch(model, {"pixel_values": images})):
        assert_stages(trace, weights, 32, 24, entry, 2)
    chosen = capture(model, {"pixel_values": images}, batch_index=1)
    assert_stages(chosen, weights, 32, 24, 1, 2)


def eager_weights_of(model, images):
    model.set_attn_implementation("eager")
    weights = eager_weights(model, pixel_values=images)
    model.set_attn_implementation("sdpa")
    return weights


def test_padding_that_takes_attention_is_told():
    model = swin()
    trace = capture(model, {"pixel_values": pixels(20, 28)})
    sums = trace.stacks[0].attention(0).sum(-1)
    lost = f"up to {1 - float(sums.min()):.0%} of a row"
    assert 0.01 < float(sums.min()) < 0.99
    assert any("hold padding" in note and "sum to less than 1" in note for note in trace.notes)
    assert lost in repr(trace) or trace.stacks[0].attention(1).sum(-1).min() < sums.min()
    assert not capture(model, {"pixel_values": pixels(32, 32)}).notes


@pytest.mark.parametrize("size", [3, 9])  # more than the image has is one padded window
def test_windows_and_whole_maps_of_sam_are_one_stream(size):
    config = tf.SamVisionConfig(
        hidden_size=16,
        num_hidden_layers=3,
        num_attention_heads=2,
        image_size=28,
        patch_size=4,
        window_size=size,
        global_attn_indexes=[1],
        mlp_ratio=2.0,
        output_channels=8,
    )
    model, image = random(tf.SamVisionModel, config), pixels(28, 28)
    trace = capture(model, {"pixel_values": image})
    config._attn_implementation = "eager"
    eager = tf.SamVisionModel(config).eval()
    eager.load_state_dict(model.state_dict())
    slots = window_positions(7, 7, size)
    for layer, found in enumerate(eager_weights(eager, pixel_values=image)):
        weights = found.unflatten(0, (-1, 2))
        whole = whole_map(weights, slots, slots, (49, 49)) if layer != 1 else weights[0].detach()
        assert torch.allclose(trace.attention(layer), whole, atol=2e-5)
    assert trace.streams == ("self",)
    assert trace.stacks[0].query_tokens[:8] == [*(f"r0 c{place}" for place in range(7)), "r1 c0"]


def test_pooled_queries_of_windows_have_positions_of_their_own():
    config = tf.Sam2HieraDetConfig(
        hidden_size=8,
        image_size=[48, 48],
        blocks_per_stage=[1, 2],
        embed_dim_per_stage=[8, 16],
        num_attention_heads_per_stage=[1, 2],
        window_size_per_stage=[4, 2],
        global_attention_blocks=[],
        num_query_pool_stages=1,
        window_positional_embedding_background_size=[3, 3],
    )
    model, image = random(tf.models.sam2.Sam2HieraDetModel, config), pixels(48, 48)
    trace = capture(model, {"pixel_values": image})
    model.set_attn_implementation("eager")
    used = [each for each in eager_weights(model, pixel_values=image) if each.ndim == 4][1::2]
    fine, coarse = window_positions(12, 12, 4), window_positions(6, 6, 2)
    places = [(fine, fine, (144, 144)), (coarse, fine, (36, 144)), (coarse, coarse, (36, 36))]
    assert [stream.num_layers for stream in trace.stacks] == [1, 1, 1]
    for stream, weights, (rows, columns, sizes) in zip(trace.stacks, used, places, strict=True):
        expected = whole_map(weights, rows, columns, sizes)
        assert torch.allclose(stream.attention(0), expected, atol=2e-5)
    assert trace.stacks[1].query_tokens[-1] == "r5 c5"
    assert trace.stacks[1].key_tokens[-1] == "r11 c11"


def test_windows_on_another_axis_than_the_first():
    config = tf.HieraConfig(
        embed_dim=8,
        image_size=[64, 64],
        patch_size=[7, 7],
        patch_stride=[4, 4],
        depths=[2, 1, 1],
        num_heads=[1, 2, 2],
        num_query_pool=2,
        masked_unit_size=[4, 4],
        masked_unit_attention=[True, True, False],
    )
    model, image = random(tf.HieraModel, config), pixels(64, 64)
    trace = capture(model, {"pixel_values": image})
    layers = [(stream, layer) for stream in trace.stacks for layer in range(stream.num_layers)]
    found = eager_weights(model, pixel_values=image)
    for (stream, layer), weights in zip(layers, found, strict=True):
        windows, (queries, keys) = weights.shape[2], weights.shape[3:]
        # Tokens lie in the order of slots, then windows.
        rows, columns = (
            torch.arange(windows * each).view(each, windows).T for each in (queries, keys)
        )
        sizes = windows * queries, windows * keys
        expected = whole_map(weights[0].transpose(0, 1), rows, columns, sizes)
        assert torch.allclose(stream.attention(layer), expected, atol=2e-5)


def test_windows_of_pixels_that_lie_apart():
    config = tf.MobileViTConfig(
        image_size=64,
        hidden_sizes=[16, 16, 16],
        neck_hidden_sizes=[8] * 6 + [16],
        num_attention_heads=2,
    )
    model, image = random(tf.MobileViTModel, config), pixels(64, 64)
    trace = capture(model, {"pixel_values": image})
    found = eager_weights(model, pixel_values=image)
    for stream in trace.stacks:
        side = int(len(stream.queries) ** 0.5)
        assert stream.query_tokens[-1] == f"r{side - 1} c{side - 1}"
        slots = torch.arange(side * side).view(side // 2, 2, side // 2, 2)
        slots = slots.permute(1, 3, 0, 2).reshape(4, -1)
        for layer in range(stream.num_layers):
            expected = whole_map(found.pop(0), slots, slots, (side * side, side * side))
            assert torch.allclose(stream.attention(layer), expected, atol=2e-5)
    assert not found


def test_windows_of_interpolated_pixels_are_refused():
    config = tf.MobileViTConfig(
        image_size=32,
        hidden_sizes=[16] * 3,
        neck_hidden_sizes=[8] * 6 + [16],
        num_attention_heads=2,
    )
    # The last map is one pixel, which is made four.
    with pytest.raises(ValueError, match="which positions these hold cannot be told"):
        capture(random(tf.MobileViTModel, config), {"pixel_values": pixels(32, 32)})
