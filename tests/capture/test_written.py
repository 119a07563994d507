"""Tokens that the model wrote, told from those that it was given."""

import pytest
import torch

import attnwidget as aw
from attnwidget.capture import capture
from tests.capture.architectures import INTERFACE
from tests.capture.small_modules import IDS
from tests.capture.small_modules import llama as small_llama
from tests.capture.test_generate import whisper

ARCHITECTURES = {each.name: each for each in INTERFACE}

GENERATED = {"return_dict_in_generate": True, "output_attentions": True, "max_new_tokens": 5}


@pytest.fixture
def llama():
    return small_llama(eos_token_id=None)


def to_encode(name):
    """An encoder-decoder, whose attention can be returned, and what its encoder reads."""
    model, inputs = ARCHITECTURES[name].model(), ARCHITECTURES[name].inputs()
    model.set_attn_implementation("eager")
    return model, {each: inputs[each] for each in ("input_ids", "attention_mask") if each in inputs}


def places(tokens):
    return [place for place, each in enumerate(tokens.written) if each]


def test_a_decoder_wrote_what_stands_after_the_prompt(llama):
    trace = capture(llama, {"input_ids": IDS}, max_new_tokens=5)
    prompt = IDS.shape[1]
    assert places(trace["self"].queries) == list(range(prompt, prompt + 5))
    assert f"{prompt + 5} tokens, 5 of them written by the model" in repr(trace)
    assert capture(llama, {"input_ids": IDS})["self"].queries.num_written == 0


def test_padding_before_the_prompt_is_not_counted(llama):
    inputs = {
        "input_ids": torch.cat([torch.zeros(1, 3, dtype=IDS.dtype), IDS], dim=1),
        "attention_mask": torch.tensor([[0] * 3 + [1] * IDS.shape[1]]),
    }
    tokens = capture(llama, inputs, max_new_tokens=4)["self"].queries
    assert places(tokens) == list(range(IDS.shape[1], IDS.shape[1] + 4))


@pytest.mark.parametrize("options", [{}, {"use_cache": False}, {"num_beams": 3}])
@pytest.mark.parametrize("name", ["t5", "bart"])
def test_a_decoder_with_an_encoder_reads_its_start_and_what_is_forced(name, options):
    model, inputs = to_encode(name)
    trace = capture(model, inputs, max_new_tokens=4, **options)
    tokens = trace["decoder"].queries
    assert places(tokens) == list(range(1, len(tokens))) != []
    assert trace["cross"].queries == tokens
    assert trace["encoder"].queries.num_written == 0
    forced = capture(model, inputs, max_new_tokens=4, forced_bos_token_id=7, **options)
    tokens = forced["decoder"].queries
    assert tokens.raw[1] == "7"
    assert places(tokens) == list(range(2, len(tokens))) != []


def test_a_text_for_the_decoder_was_read():
    model, inputs = to_encode("bart")
    trace = capture(model, {**inputs, "decoder_input_ids": torch.tensor([[2, 5, 6]])})
    assert trace["decoder"].queries.num_written == 0


def test_speech_models_read_their_task():
    sound = {"input_features": torch.randn(1, 16, 120)}
    tokens = capture(whisper(), sound, max_new_tokens=6, language="de")["decoder"].queries
    assert tokens.raw[:4] == ("100", "102", "103", "105")
    assert places(tokens) == list(range(4, len(tokens))) != []


@pytest.mark.parametrize("options", [{}, {"num_beams": 2}])
def test_what_generate_returned(llama, options):
    llama.set_attn_implementation("eager")
    output = llama.generate(IDS, **GENERATED, **options)
    ids = [str(int(each)) for each in output.sequences[0]]
    prompt = IDS.shape[1]
    for names in (ids, ids[:-1]):
        trace = aw.Trace.from_attentions(output, names)
        assert places(trace["self"].queries) == list(range(prompt, len(ids) - 1))
    captured = capture(llama, {"input_ids": output.sequences[:, :-1]}).with_prompt(prompt)
    assert captured["self"].queries.written == trace["self"].queries.written


def test_what_generate_of_an_encoder_decoder_returned():
    model, inputs = to_encode("t5")
    output = model.generate(**inputs, **GENERATED)
    sides = {
        "encoder_tokens": [str(int(each)) for each in inputs["input_ids"][0]],
        "decoder_tokens": [str(int(each)) for each in output.sequences[0]],
    }
    trace = aw.Trace.from_attentions(output, **sides)
    count = len(trace["decoder"].queries)
    assert places(trace["decoder"].queries) == list(range(1, count))
    assert trace["cross"].queries == trace["decoder"].queries
    assert trace["cross"].keys.num_written == trace["encoder"].keys.num_written == 0


def test_other_names_are_still_written_and_other_tokens_are_not(llama):
    trace = capture(llama, {"input_ids": IDS}, max_new_tokens=3)
    last = len(trace.tokens) - 1
    named = trace.with_tokens([f"name {place}" for place in range(last + 1)])
    assert named["self"].queries.written == trace["self"].queries.written
    other = aw.replaced(trace, {0: 9, last: 9})
    assert places(other["self"].queries) == [last - 2, last - 1]


@pytest.mark.parametrize("length", [-1, 99, 1.5, True, None])
def test_the_length_of_a_prompt_is_checked(llama, length):
    trace = capture(llama, {"input_ids": IDS})
    with pytest.raises(ValueError, match="a whole number from 0 to"):
        trace.with_prompt(length)
