"""Cuts in parts of an image that do not attend to each other: tiles, windows, several images."""

import pytest
import torch
import transformers as tf
from torch.nn import functional

import attnwidget as aw
from attnwidget.capture import capture
from tests.capture.test_images import qwen, tiles
from tests.methods.test_knockout import TOLERANCE, outputs_of

WINDOWS = {
    "depth": 4,
    "out_hidden_size": 32,
    "intermediate_size": 48,
    "window_size": 16,
    "fullatt_block_indexes": [1, 3],
}


@torch.no_grad()
def with_tower(model, inputs, attend):
    """Return the logits where the vision tower attends with another function."""
    tf.AttentionInterface.register("cut_by_hand", attend)
    blocks = model.model.visual.blocks
    for block in blocks:
        block.attn.config._attn_implementation = "cut_by_hand"
    try:
        return model(**inputs).logits
    finally:
        for block in blocks:
            block.attn.config._attn_implementation = "sdpa"


@pytest.mark.parametrize("images", [1, 2])
def test_a_window(images):
    model, inputs = qwen(
        tf.Qwen2_5_VLForConditionalGeneration, tf.Qwen2_5_VLConfig, WINDOWS, images
    )
    trace = capture(model, inputs)
    name = "vision" if images == 1 else "vision 2"
    calls = iter(range(100))
    # The tokens 18 and 35 of an image lie in its second and its third window of 16.
    keys = {4 * (images - 1) + 1: 2, 4 * (images - 1) + 2: 3}

    def attend(module, query, key, value, attention_mask, scaling=None, **_):
        scores = query @ key.mT * scaling
        taken = keys.get(next(calls))
        if taken is not None:
            scores[:, 1, :, taken] = -torch.inf
        return (scores.softmax(-1) @ value).transpose(1, 2).contiguous(), None

    expected = with_tower(model, inputs, attend)
    actual, found = outputs_of(trace, aw.Cut(0, 1, keys=[18, 35], stream=name))
    torch.testing.assert_close(actual, expected, atol=TOLERANCE, rtol=TOLERANCE)
    with torch.no_grad():
        assert (model(**inputs).logits - expected).abs().max() > 10 * TOLERANCE
    assert found.trace[name].attention(0, 1, keys=[18, 35]).abs().max() == 0
    with pytest.raises(ValueError, match=r'within windows.*mode="zero"'):
        aw.knockout(trace, aw.Cut(0, 1, stream=name, mode="mean"))


def test_a_tile():
    model, inputs = tiles()
    trace = capture(model, inputs)
    real, calls = functional.softmax, iter(range(100))

    def softmax(scores, *args, **options):
        if scores.ndim == 4 and len(scores) == 3 and next(calls) == 0:
            scores = scores.clone()
            scores[1, 2, :, 3] = -torch.inf
        return real(scores, *args, **options)

    model.set_attn_implementation("eager")
    functional.softmax = softmax
    try:
        with torch.no_grad():
            expected = model(**inputs).logits
    finally:
        functional.softmax = real
        model.set_attn_implementation("sdpa")

    actual, _ = outputs_of(trace, aw.Cut(0, 2, keys=3, stream="vision 2"))

    torch.testing.assert_close(actual, expected, atol=TOLERANCE, rtol=TOLERANCE)
    with torch.no_grad():
        assert (model(**inputs).logits - expected).abs().max() > 10 * TOLERANCE
