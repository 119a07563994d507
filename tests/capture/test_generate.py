"""What a model writes, and what it read while it wrote."""

import inspect

import numpy as np
import pytest
import torch
import transformers as tf

from attnwidget.capture import capture
from attnwidget.capture.inputs.generate import CAPTURE_KEYWORDS
from tests.capture.architectures import INTERFACE
from tests.capture.small_modules import IDS, TEXT, VISION
from tests.capture.small_modules import llama as small_llama
from tests.capture.small_modules import whisper as small_whisper

ARCHITECTURES = {each.name: each for each in INTERFACE}


@pytest.fixture
def llama():
    return small_llama(eos_token_id=2)


def written(trace):
    return [int(each) for each in trace.tokens]


def test_options_are_those_of_generate(llama):
    options = {"num_beams": 3, "repetition_penalty": 1.5}
    expected = llama.generate(IDS, max_new_tokens=6, do_sample=False, **options)[0].tolist()
    trace = capture(llama, {"input_ids": IDS}, max_new_tokens=6, **options)
    assert written(trace) == expected
    assert expected != written(capture(llama, {"input_ids": IDS}, max_new_tokens=6))


def test_a_seed_draws_the_same_again_and_leaves_torch_alone(llama):
    def drawn(seed):
        options = {"do_sample": True, "temperature": 3.0, "seed": seed}
        return written(capture(llama, {"input_ids": IDS}, max_new_tokens=8, **options))

    torch.manual_seed(5)
    first = drawn(1)
    after = torch.rand(1)
    torch.manual_seed(5)
    assert torch.equal(after, torch.rand(1))
    assert drawn(1) == first
    assert any(drawn(seed) != first for seed in (2, 3))


def test_a_config_that_returns_dicts(llama):
    llama.generation_config.return_dict_in_generate = True
    expected = llama.generate(IDS, max_new_tokens=4, do_sample=False).sequences[0].tolist()
    assert written(capture(llama, {"input_ids": IDS}, max_new_tokens=4)) == expected


@pytest.mark.parametrize(
    ("keywords", "error", "message"),
    [
        ({"temprature": 2.0}, TypeError, "'temprature', and it is no option of generate"),
        ({"tokeniser": 1}, TypeError, "Did you mean tokenizer"),
        ({"max_length": 5}, TypeError, "no option of generate that can be passed on"),
        ({"do_sample": True}, ValueError, "it writes nothing. Pass max_new_tokens"),
        ({"seed": "a", "max_new_tokens": 1}, ValueError, "seed must be a whole number"),
    ],
)
def test_what_is_no_option_is_refused(llama, keywords, error, message):
    with pytest.raises(error, match=message):
        capture(llama, {"input_ids": IDS}, **keywords)


def test_the_keywords_that_may_be_meant_are_those_of_capture():
    names = [*inspect.signature(capture).parameters]
    assert set(CAPTURE_KEYWORDS) == set(names) - {"model", "text", "generate"}


def test_options_and_a_given_text_exclude_each_other():
    architecture = ARCHITECTURES["bart"]
    with pytest.raises(ValueError, match="decoder_text is given"):
        capture(architecture.model(), architecture.inputs(), decoder_text="a", seed=1)


def whisper():
    model = small_whisper(
        decoder_start_token_id=100, suppress_tokens=None, begin_suppress_tokens=None
    )
    settings = model.generation_config
    settings.lang_to_id = {"<|en|>": 101, "<|de|>": 102}
    settings.task_to_id = {"transcribe": 103, "translate": 104}
    settings.no_timestamps_token_id = 105
    settings.is_multilingual = True
    settings.max_length = 40
    return model


@pytest.mark.parametrize(("language", "code"), [("en", 101), ("de", 102)])
def test_whisper_shows_the_language_and_the_task_that_it_read(language, code):
    model = whisper()
    sound = {"input_features": torch.randn(1, 16, 120)}
    trace = capture(model, sound, max_new_tokens=6, language=language)
    read = [int(each) for each in trace["decoder"].query_tokens]
    assert read[:4] == [100, code, 103, 105]
    with torch.no_grad():
        model.config._attn_implementation = "eager"
        eager = model(**sound, decoder_input_ids=torch.tensor([read]), output_attentions=True)
    for layer, weights in enumerate(eager.cross_attentions):
        assert torch.allclose(trace["cross"].attention(layer), weights[0], atol=2e-5)


def test_kinds_of_written_tokens_are_those_that_repeat_what_was_read():
    """PaliGemma's prompt attends to all of itself; what it writes must not be part of that."""
    torch.manual_seed(0)
    text = {**TEXT, "head_dim": 8, "model_type": "gemma"}
    vision = {**VISION, "model_type": "siglip_vision_model"}
    config = tf.PaliGemmaConfig(
        text_config=text, vision_config=vision, image_token_index=119, projection_dim=32
    )
    model = tf.PaliGemmaForConditionalGeneration(config).eval()
    inputs = {
        "input_ids": torch.tensor([[119] * 4 + [5, 6, 7, 8]]),
        "token_type_ids": torch.zeros(1, 8, dtype=torch.long),
        "pixel_values": torch.randn(1, 3, 8, 8),
        "attention_mask": torch.ones(1, 8, dtype=torch.long),
    }
    trace = capture(model, inputs, max_new_tokens=5)
    stream = next(trace[name] for name in trace.streams if len(trace[name].queries) > 8)
    steps = step_by_step(model, inputs, 5)
    for layer in range(2):
        weights = stream.attention(layer).numpy()
        assert np.allclose(weights[:, :8, :8], steps[0][layer][0], atol=2e-5)
        assert (weights[:, :8, 8:] == 0).all()
        for step, each in enumerate(steps[1:]):
            row = 8 + step
            assert np.allclose(weights[:, row, : row + 1], each[layer][0, :, 0], atol=2e-5)


@torch.no_grad()
def step_by_step(model, inputs, count):
    model.set_attn_implementation("eager")
    output = model.generate(
        **inputs,
        max_new_tokens=count,
        do_sample=False,
        output_attentions=True,
        return_dict_in_generate=True,
    )
    return output.attentions
