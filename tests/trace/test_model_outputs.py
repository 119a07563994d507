"""What a model or its `generate` returned goes in as it is."""

import pytest
import torch
import transformers

from attnwidget.trace import Trace
from tests.capture.architectures import spread
from tests.capture.small_modules import SEQ2SEQ, TEXT, whisper

STEPS = {"output_attentions": True, "return_dict_in_generate": True, "do_sample": False}


@pytest.fixture(scope="module")
def llama():
    torch.manual_seed(0)
    config = transformers.LlamaConfig(**TEXT, attn_implementation="eager")
    return transformers.LlamaForCausalLM(config).eval()


@pytest.fixture(scope="module")
def bart():
    torch.manual_seed(0)
    config = transformers.BartConfig(**SEQ2SEQ, attn_implementation="eager")
    return transformers.BartForConditionalGeneration(config).eval()


@pytest.fixture(scope="module")
def ids():
    return torch.randint(5, 60, (2, 6), generator=torch.Generator().manual_seed(1))


def names(ids):
    return [f"t{each}" for each in ids.tolist()]


@torch.no_grad()
def read_again(model, ids):
    return model(ids[None], output_attentions=True).attentions


def close_to(trace, weights, stream=0):
    return all(
        torch.allclose(trace.stacks[stream].attention(layer), each[0], atol=2e-5)
        for layer, each in enumerate(weights)
    )


@torch.no_grad()
@pytest.mark.parametrize("return_dict", [True, False])
def test_the_output_of_a_model(llama, ids, return_dict):
    output = llama(ids[:1], output_attentions=True, return_dict=return_dict)
    trace = Trace.from_attentions(output, names(ids[0]))
    assert close_to(trace, read_again(llama, ids[0]))


@torch.no_grad()
def test_one_entry_of_a_batch(llama, ids):
    output = llama(ids, output_attentions=True)
    trace = Trace.from_attentions(output, names(ids[1]), batch_index=1)
    assert close_to(trace, read_again(llama, ids[1]))
    with pytest.raises(ValueError, match=r"is a batch of 2.*batch_index=i"):
        Trace.from_attentions(output, names(ids[1]))
    with pytest.raises(IndexError, match=r"batch_index 2 is out of range.*0 to 1"):
        Trace.from_attentions(output, names(ids[1]), batch_index=2)


@torch.no_grad()
@pytest.mark.parametrize("cache", [None, "static"])
def test_what_generate_wrote(llama, ids, cache):
    output = llama.generate(ids[:1], max_new_tokens=4, cache_implementation=cache, **STEPS)
    written = output.sequences[0]
    expected = read_again(llama, written[:-1])
    assert close_to(Trace.from_attentions(output, names(written)), expected)
    trace = Trace.from_attentions(output.attentions, names(written[:-1]))
    assert close_to(trace, expected)
    assert trace.tokens == names(written[:-1])
    assert trace.causal


@torch.no_grad()
@pytest.mark.parametrize("entry", [0, 1, 2, 3])
def test_beams_and_several_sequences(llama, ids, entry):
    output = llama.generate(ids, max_new_tokens=5, num_beams=3, num_return_sequences=2, **STEPS)
    written = output.sequences[entry]
    trace = Trace.from_attentions(output, names(written), batch_index=entry)
    assert close_to(trace, read_again(llama, written[:-1]))


@torch.no_grad()
def test_several_sequences_without_a_choice(llama, ids):
    output = llama.generate(ids, max_new_tokens=3, **STEPS)
    with pytest.raises(ValueError, match=r"has 2 sequences.*batch_index=0 to 1"):
        Trace.from_attentions(output, names(output.sequences[0]))


@torch.no_grad()
def test_an_encoder_decoder(bart, ids):
    target = ids[1:, :4]
    output = bart(ids[:1], decoder_input_ids=target, output_attentions=True)
    sides = {"encoder_tokens": names(ids[0]), "decoder_tokens": names(target[0])}
    trace = Trace.from_attentions(output, **sides)
    assert trace.streams == ("encoder", "decoder", "cross")
    assert close_to(trace, output.cross_attentions, 2)
    encoder = Trace.from_attentions(output, encoder_tokens=names(ids[0]))
    assert encoder.streams == ("encoder",)
    with pytest.raises(ValueError, match="needs encoder_tokens and decoder_tokens"):
        Trace.from_attentions(output, names(ids[0]))


@torch.no_grad()
def test_what_an_encoder_decoder_wrote(bart, ids):
    output = bart.generate(ids[:1], max_new_tokens=5, **STEPS)
    written = output.sequences[0]
    trace = Trace.from_attentions(
        output, encoder_tokens=names(ids[0]), decoder_tokens=names(written)
    )
    again = bart(ids[:1], decoder_input_ids=written[None, :-1], output_attentions=True)
    expected = (again.encoder_attentions, again.decoder_attentions, again.cross_attentions)
    for stream, weights in enumerate(expected):
        assert close_to(trace, weights, stream)


@torch.no_grad()
def test_a_model_that_returned_none_says_what_to_do(llama, ids):
    sdpa = transformers.LlamaForCausalLM(transformers.LlamaConfig(**TEXT)).eval()
    output = sdpa(ids[:1], output_attentions=True)
    for given in (output, output.attentions or ()):
        with pytest.raises(ValueError, match=r"sdpa.*attnwidget\.capture\(model.*sequences.*eager"):
            Trace.from_attentions(given, names(ids[0]))


@torch.no_grad()
def test_a_cache_that_drops_keys_is_refused(llama, ids):
    steps = llama.generate(ids[:1], max_new_tokens=3, **STEPS).attentions
    cut = [steps[0], *(tuple(layer[..., 1:] for layer in step) for step in steps[1:])]
    with pytest.raises(ValueError, match=r"a step attends to 6 keys where 7 tokens.*capture"):
        Trace.from_attentions(cut, names(torch.arange(8)))


@torch.no_grad()
def test_towers_are_named():
    config = transformers.CLIPConfig(
        text_config={**TEXT, "max_position_embeddings": 20, "eos_token_id": 1},
        vision_config={**TEXT, "image_size": 8, "patch_size": 4},
        projection_dim=16,
        attn_implementation="eager",
    )
    model = transformers.CLIPModel(config).eval()
    output = model(
        input_ids=torch.arange(5)[None], pixel_values=torch.rand(1, 3, 8, 8), output_attentions=True
    )
    with pytest.raises(ValueError, match=r"outputs\.text_model_output"):
        Trace.from_attentions(output, names(torch.arange(5)))
    part = output.text_model_output
    if part.attentions:
        trace = Trace.from_attentions(part, names(torch.arange(5)))
        assert close_to(trace, part.attentions)


@torch.no_grad()
def test_beams_that_whisper_leaves_out():
    """Whisper keeps the first row of each step, whatever beam its transcript was written in."""
    model = spread(whisper(suppress_tokens=None, begin_suppress_tokens=None))
    model.set_attn_implementation("eager")
    outcomes = set()
    for seed in range(6):
        sound = torch.randn(1, 16, 120, generator=torch.Generator().manual_seed(seed)) * 9
        output = model.generate(sound, max_new_tokens=6, num_beams=4, **STEPS)
        written = output.sequences[0]
        sides = {"encoder_tokens": names(torch.arange(60)), "decoder_tokens": names(written)}
        is_first = bool((output.beam_indices[0] <= 0).all())
        outcomes.add(is_first)
        if not is_first:
            with pytest.raises(ValueError, match=r"holds 1 of the beams.*'decoder_input_ids'"):
                Trace.from_attentions(output, **sides)
            continue
        trace = Trace.from_attentions(output, **sides)
        length = len(trace["decoder"].queries)
        again = model(sound, decoder_input_ids=written[None, :length], output_attentions=True)
        assert close_to(trace, again.cross_attentions, 2)
    assert outcomes == {True, False}
