"""Windows that slide over a text, with tokens that attend to all: equal to what models return."""

import pytest
import torch
import transformers as tf

from attnwidget.capture import capture
from tests.capture.small_modules import made
from tests.capture.windows_by_hand import eager_weights

REACH = 4
"""How far a token looks to either side."""

SMALL = {
    "vocab_size": 60,
    "hidden_size": 16,
    "num_hidden_layers": 2,
    "num_attention_heads": 2,
    "intermediate_size": 24,
    "max_position_embeddings": 64,
    "attention_window": 2 * REACH,
}
LED = {
    "vocab_size": 60,
    "d_model": 16,
    "encoder_layers": 2,
    "decoder_layers": 1,
    "encoder_attention_heads": 2,
    "decoder_attention_heads": 2,
    "encoder_ffn_dim": 24,
    "decoder_ffn_dim": 24,
    "max_encoder_position_embeddings": 64,
    "max_decoder_position_embeddings": 64,
    "attention_window": 2 * REACH,
}
T5 = {
    "vocab_size": 60,
    "d_model": 16,
    "d_kv": 8,
    "num_heads": 2,
    "d_ff": 24,
    "num_layers": 2,
    "local_radius": REACH,
    "global_block_size": 3,
}
IDS = torch.randint(5, 60, (1, 21), generator=torch.Generator().manual_seed(0))


def spread(model):
    with torch.no_grad():
        for weights in model.parameters():
            if weights.ndim > 1:
                weights.normal_(0, 0.5)
    return model


def band(local, over, globally, length):
    """Return the map that Longformer returns as a band, columns and rows of global tokens."""
    before = len(globally)
    whole = torch.zeros(local.shape[0], length, length)
    for query in range(length):
        for place in range(2 * REACH + 1):
            key = query + place - REACH
            if 0 <= key < length:
                whole[:, query, key] += local[:, query, before + place]
        for place, key in enumerate(globally):
            whole[:, query, key] += local[:, query, place]
    for place, query in enumerate(globally):
        whole[:, query] = over[:, :length, place]
    return whole


@pytest.mark.parametrize("globally", [[], [0], [0, 9]])
@pytest.mark.parametrize("kind", ["longformer", "led"])
@torch.no_grad()
def test_bands_with_global_tokens(kind, globally):
    inputs = {"input_ids": IDS, "attention_mask": torch.ones_like(IDS)}
    inputs["global_attention_mask"] = torch.zeros_like(IDS)
    inputs["global_attention_mask"][0, globally] = 1
    if kind == "longformer":
        model = spread(made(tf.LongformerModel, tf.LongformerConfig(**SMALL)))
        name, fields = "self", ("attentions", "global_attentions")
    else:
        model = spread(made(tf.LEDModel, tf.LEDConfig(**LED)))
        inputs["decoder_input_ids"] = IDS[:, :5]
        name, fields = "encoder", ("encoder_attentions", "encoder_global_attentions")
    trace = capture(model, inputs)
    output = model(**inputs, output_attentions=True)
    local, over = (getattr(output, field) for field in fields)
    assert trace[name].num_layers == 2
    assert len(trace[name].queries) == IDS.shape[1]
    for layer in range(2):
        expected = band(local[layer][0], over and over[layer][0], globally, IDS.shape[1])
        assert torch.allclose(trace[name].attention(layer), expected, atol=2e-5)
        assert torch.allclose(expected.sum(-1), torch.ones(2, IDS.shape[1]), atol=1e-4)
    if kind == "led":
        for stream, field in (("decoder", "decoder_attentions"), ("cross", "cross_attentions")):
            found, expected = trace[stream].attention(0), getattr(output, field)[0][0]
            assert torch.allclose(found, expected[..., : found.shape[-1]], atol=2e-5)


def test_a_padded_text():
    model = spread(made(tf.LongformerModel, tf.LongformerConfig(**SMALL)))
    mask = torch.ones_like(IDS)
    mask[0, 17:] = 0
    padded = capture(model, {"input_ids": IDS, "attention_mask": mask})
    alone = capture(model, {"input_ids": IDS[:, :17]})
    for layer in range(2):
        assert torch.allclose(padded.attention(layer), alone.attention(layer), atol=2e-5)


@pytest.mark.parametrize("kind", ["local", "transient-global"])
@torch.no_grad()
def test_blocks_that_overlap(kind):
    config = tf.LongT5Config(**T5, encoder_attention_type=kind)
    model = spread(made(tf.LongT5Model, config))
    inputs = {"input_ids": IDS, "decoder_input_ids": IDS[:, :4]}
    trace = capture(model, inputs)
    length, size = IDS.shape[1], REACH + 1
    pooled = length // 3 if kind == "transient-global" else 0
    stream = trace["encoder"]
    assert (len(stream.queries), len(stream.keys)) == (length, length + pooled)
    found = [each for each in eager_weights(model, **inputs) if each.ndim == 5]
    for layer, weights in enumerate(found):
        expected = torch.zeros(2, length, length + pooled)
        for query in range(length):
            block, slot = divmod(query, size)
            for place in range(3 * size):
                key = (block - 1) * size + place
                if 0 <= key < length:
                    expected[:, query, key] = weights[0, block, :, slot, place]
            expected[:, query, length:] = weights[0, block, :, slot, 3 * size :]
        assert torch.allclose(stream.attention(layer), expected, atol=2e-5)
        assert torch.allclose(expected.sum(-1), torch.ones(2, length), atol=1e-4)
    assert trace.streams == ("encoder", "decoder", "cross")


def test_memory_grows_with_the_window():
    config = tf.LongformerConfig(**{**SMALL, "max_position_embeddings": 600})
    model = made(tf.LongformerModel, config)
    sizes = [
        capture(model, {"input_ids": torch.randint(5, 60, (1, length))}).stacks[0].nbytes
        for length in (128, 512)
    ]
    assert sizes[1] < 4.5 * sizes[0]
