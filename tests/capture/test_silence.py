"""Silence that a sound was padded with is left out; what the model attends to it is said."""

from html import unescape

import numpy as np
import pytest
import torch
import transformers as tf

from attnwidget import AttentionWidget
from attnwidget.capture import capture
from attnwidget.capture.batch import capture_batch
from attnwidget.methods import rollout
from attnwidget.trace.projected import ProjectedLayer
from tests.capture.architectures import spread
from tests.capture.small_modules import SEQ2SEQ, SPECIAL, made, whisper

HEARD = 21
"""Positions until the last frame that hears the end of 0.4 seconds, of 50 for one."""


@pytest.fixture(scope="module")
def model():
    return spread(whisper(max_source_positions=50))


@pytest.fixture(scope="module")
def sound():
    """0.4 seconds, in a spectrogram of one."""
    extractor = tf.WhisperFeatureExtractor(feature_size=16, chunk_length=1)
    samples = np.sin(np.arange(6400) / 20).astype(np.float32)
    return dict(extractor(samples, sampling_rate=16000, return_tensors="pt"))


def test_weights_stay_what_they_are_and_the_rest_is_said(model, sound):
    ids = {"decoder_input_ids": torch.tensor([[1, 5, 9, 7]])}
    cut = capture(model, sound | ids)
    whole = capture(model, sound | ids, silence=True)
    assert whole["encoder"].attention(0).shape == (4, 50, 50)
    assert cut["encoder"].key_tokens == whole["encoder"].key_tokens[:HEARD]
    assert cut["cross"].key_tokens[-1] == "0.40 s"
    assert whole.notes == ()
    for layer in range(2):
        for name, rows in (("encoder", HEARD), ("decoder", 4), ("cross", 4)):
            columns = 4 if name == "decoder" else HEARD
            for of in ("attention", "attention_gradient"):
                found, expected = (getattr(each[name], of)(layer) for each in (cut, whole))
                assert torch.allclose(found, expected[:, :rows, :columns], atol=2e-6)
    (note,) = cut.notes
    assert note in repr(cut)
    assert "the last 29 of 50 positions" in note
    outside = [
        1 - float(whole["cross"].attention(layer)[..., :HEARD].sum(-1).mean()) for layer in (0, 1)
    ]
    assert f"{min(outside):.0%} to {max(outside):.0%} of that of 'cross'" in note
    assert note in unescape(AttentionWidget(cut, stream="cross").to_svg())
    shown = rollout(cut, stream="encoder")
    assert torch.allclose(shown.sum(-1), torch.ones(HEARD), atol=1e-5)


def test_a_classifier_a_batch_and_a_sound_as_it_is_held(sound):
    classifier = spread(whisper(tf.WhisperForAudioClassification, max_source_positions=50))
    assert len(capture(classifier, sound).tokens) == HEARD
    pair = torch.cat([sound["input_features"], torch.randn(1, 16, 100)])
    first, second = capture_batch(classifier, {"input_features": pair})
    assert (len(first.tokens), len(second.tokens)) == (HEARD, 50)
    extractor = tf.WhisperFeatureExtractor(feature_size=16, chunk_length=1)
    held = capture(classifier, audio=np.sin(np.arange(6400) / 20), processor=extractor)
    assert torch.allclose(held.attention(0), first.attention(0), atol=1e-5)
    with pytest.raises(ValueError, match="silence must be True"):
        capture(classifier, sound, silence="yes")


def test_nothing_is_left_out_where_nothing_is_silent(model):
    ids = {"decoder_input_ids": torch.tensor([[1, 5]])}
    for features in (torch.randn(1, 16, 100), torch.zeros(1, 16, 100)):
        trace = capture(model, {"input_features": features, **ids})
        assert len(trace["encoder"].queries) == 50
        assert trace.notes == ()


def test_spectrograms_whose_frames_come_first():
    options = {"max_source_positions": 60, "num_conv_layers": 2, "conv_kernel_sizes": [3, 3]}
    sizes = {**options, "input_feat_per_channel": 16, "conv_channels": 32}
    config = tf.Speech2TextConfig(**SEQ2SEQ, **SPECIAL, **sizes)
    model = made(tf.Speech2TextForConditionalGeneration, config)
    inputs = {"input_features": torch.randn(1, 40, 16), "decoder_input_ids": torch.tensor([[1, 5]])}
    assert capture(model, inputs)["encoder"].query_tokens[:3] == ["0.00 s", "0.04 s", "0.08 s"]


@pytest.mark.parametrize("sinks", [None, torch.tensor([0.3, -1.0])])
@pytest.mark.parametrize("masked", [False, True])
def test_keys_that_are_left_out_take_their_share(masked, sinks):
    generator = torch.Generator().manual_seed(0)
    query, key, value = (torch.randn(2, 6, 4, generator=generator) for _ in range(3))
    mask = torch.arange(6)[None, None] < 4 if masked else None
    whole = ProjectedLayer(query, key, value, 0.5, mask=mask, sinks=sinks)
    part = ProjectedLayer(
        query[:, 1:], key[:, :4], value[:, :4], 0.5, sinks=whole.left_out(slice(1, 6), 4)
    )
    everything = slice(None), slice(None), slice(None)
    expected = whole.weights(*everything)[:, 1:, :4]
    assert torch.allclose(part.weights(*everything), expected, atol=1e-6)
    assert torch.allclose(part.weights([1], [2], [3, 0]), expected[1:, 2:3, [3, 0]], atol=1e-6)
    steps = part.scores(1, 2)
    assert steps.sink is not None
    top = steps.scaled.exp().sum() + np.exp(steps.sink)
    assert torch.allclose(steps.scaled.exp() / top, expected[1, 2], atol=1e-6)
