"""Batches, generated text, half precision and spread-out models."""

import numpy as np
import pytest
import torch
import transformers as tf

from attnwidget.capture import capture
from attnwidget.capture.inputs.ready_inputs import one_entry
from tests.capture import small_tokenizers as small
from tests.capture.architectures import INTERFACE, LENGTH, Architecture

ARCHITECTURES = {each.name: each for each in INTERFACE}


def one(name: str) -> Architecture:
    return ARCHITECTURES[name]


@pytest.mark.parametrize("convert", [torch.tensor, np.array, list], ids=["torch", "numpy", "list"])
def test_one_entry_of_a_batch(convert):
    rows = [[4, 5, 6, 7], [8, 9, 10, 0], [0, 11, 12, 13]]
    masks = [[1, 1, 1, 1], [1, 1, 1, 0], [0, 1, 1, 1]]
    batch = {"input_ids": convert(rows), "attention_mask": convert(masks)}
    for index, tokens in ((0, "4 5 6 7"), (1, "8 9 10"), (2, "11 12 13"), (-1, "11 12 13")):
        trace = capture(one("bert").model(), batch, batch_index=index)
        assert trace.tokens == tokens.split()


def test_what_is_masked_between_two_tokens_stays_and_gets_no_attention():
    inputs = {"input_ids": [[4, 5, 6, 7, 0]], "attention_mask": [[1, 0, 1, 1, 0]]}
    stream = capture(one("bert").model(), inputs)["self"]
    assert stream.query_tokens == ["4", "5", "6", "7"]
    assert (stream.attention(0)[:, :, 1] == 0).all()


def test_a_mask_of_pairs():
    mask = torch.ones(1, 1, LENGTH, LENGTH, dtype=torch.bool)
    mask[..., 3:6] = False
    mask[..., 4, 3:6] = True
    stream = capture(one("bert").model(), {**one("bert").inputs(), "attention_mask": mask})["self"]
    before = stream.attention(0)
    allowed = mask.clone()
    mask.fill_(True)
    assert torch.equal(stream.attention(0), before), "the trace has a mask of its own"
    forbidden = before[:, ~allowed[0, 0]]
    assert (forbidden == 0).all()
    assert len(stream.queries) == LENGTH


def test_a_prompt_is_traced_with_what_was_written_after_it():
    model, inputs = one("llama").model(), one("llama").inputs()
    written = model.generate(**inputs, max_new_tokens=5, do_sample=False)
    stream = capture(model, inputs, max_new_tokens=5)["self"]
    assert stream.query_tokens == [str(each) for each in written[0].tolist()]
    expected = capture(model, {"input_ids": written})["self"]
    torch.testing.assert_close(stream.attention(1), expected.attention(1))


@pytest.mark.parametrize(("pair", "segment"), [(None, 0), ("walked", 1)])
def test_what_is_written_belongs_to_the_text_before_it(pair, segment):
    tokenizer = small.word_piece()
    model = one("llama").model()
    prompt = capture(model, "the walk", pair, tokenizer=tokenizer)["self"].queries
    tokens = capture(model, "the walk", pair, tokenizer=tokenizer, max_new_tokens=3)["self"].queries
    assert tokens.text[: len(prompt)] == prompt.text
    assert tokens.segments == (*prompt.segments, segment, segment, segment)


def test_a_padded_prompt_grows_at_its_end():
    model, ids = one("llama").model(), one("llama").inputs()["input_ids"]
    room = (3, 0)
    padded = {
        "input_ids": torch.nn.functional.pad(ids, room),
        "attention_mask": torch.nn.functional.pad(torch.ones_like(ids), room),
    }
    stream = capture(model, padded, max_new_tokens=4)["self"]
    assert stream.query_tokens[:LENGTH] == [str(each) for each in ids[0].tolist()]
    assert len(stream.queries) == LENGTH + 4


def test_a_prompt_too_long_to_be_continued():
    with pytest.raises(ValueError, match=r"with max_new_tokens is 112 tokens long.*at most 64"):
        capture(one("gpt2").model(), one("gpt2").inputs(), max_new_tokens=100)


@pytest.mark.parametrize("name", ["t5", "bart", "marian", "whisper"])
def test_an_encoder_decoder_writes_what_its_decoder_reads(name):
    model, inputs = one(name).model(), one(name).inputs()
    del inputs["decoder_input_ids"]
    trace = capture(model, inputs, max_new_tokens=5)
    tokens = trace["decoder"].query_tokens
    assert tokens[0] == str(model.config.decoder_start_token_id)
    assert 2 <= len(tokens) <= 6
    # Greedy: each token is the likeliest one after those before it.
    read = torch.tensor([[int(each) for each in tokens]])
    with torch.no_grad():
        logits = model(**inputs, decoder_input_ids=read).logits[0]
    free = slice(1, len(tokens) - 2) if name in ("bart", "marian") else slice(0, len(tokens) - 1)
    assert logits.argmax(-1)[free].tolist() == read[0, 1:][free].tolist()


def test_a_decoder_reads_its_start_and_the_text_without_its_end():
    tokenizer = small.word_piece()
    model = one("bart").model()
    trace = capture(model, "the walk", decoder_text="walked", tokenizer=tokenizer)
    assert trace["encoder"].query_tokens == ["[CLS]", "the", "walk", "[SEP]"]
    # The model's start token has the id 1 and its end token the id 2, [UNK] and [CLS] here.
    assert trace["decoder"].query_tokens == ["[UNK]", "[CLS]", "walk", "ed", "[SEP]"]
    assert trace["cross"].attention(0).shape == (2, 5, 4)


def test_an_encoder_and_a_decoder_of_different_families():
    options = {"vocab_size": 99, "hidden_size": 32, "num_attention_heads": 4}
    config = tf.EncoderDecoderConfig.from_encoder_decoder_configs(
        tf.BertConfig(**options, num_hidden_layers=3, intermediate_size=48),
        tf.BertConfig(**options, num_hidden_layers=2, intermediate_size=48),
    )
    config.decoder_start_token_id, config.pad_token_id = 1, 0
    model = tf.EncoderDecoderModel(config).eval()
    inputs = {"input_ids": torch.arange(5, 12)[None], "decoder_input_ids": torch.arange(5, 9)[None]}
    trace = capture(model, inputs)
    model.set_attn_implementation("eager")
    with torch.no_grad():
        eager = model(**inputs, output_attentions=True)
    for name in ("encoder", "decoder", "cross"):
        expected = getattr(eager, f"{name}_attentions")
        assert trace[name].num_layers == len(expected)
        for layer, weights in enumerate(expected):
            torch.testing.assert_close(trace[name].attention(layer), weights[0], atol=2e-5, rtol=0)


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
@pytest.mark.parametrize("name", ["bert", "llama", "gemma2", "gpt_oss", "t5", "vit"])
def test_half_precision_is_normalised_in_single(name, dtype):
    architecture = one(name)
    trace = capture(architecture.model().to(dtype), architecture.inputs())
    expected = capture(architecture.model(), architecture.inputs())
    for stream in trace:
        weights = trace[stream].attention(0)
        assert weights.dtype == torch.float32
        if trace[stream].has_projections and name != "gpt_oss":
            torch.testing.assert_close(
                weights.sum(-1), torch.ones(weights.shape[:2]), rtol=1e-6, atol=1e-6
            )
        difference = (weights - expected[stream].attention(0)).abs().mean()
        assert difference < 0.02


def test_a_model_spread_by_accelerate(tmp_path):
    pytest.importorskip("accelerate")
    one("llama").model().save_pretrained(tmp_path / "model")
    model = tf.AutoModelForCausalLM.from_pretrained(
        tmp_path / "model", device_map={"model": "disk", "lm_head": "cpu"}, offload_folder=tmp_path
    )
    assert any(weights.device.type == "meta" for weights in model.parameters())
    trace = capture(model, one("llama").inputs())
    expected = capture(one("llama").model(), one("llama").inputs())
    torch.testing.assert_close(trace.attention(-1), expected.attention(-1))


def test_values_are_those_that_the_model_computed():
    """Large ones are kept in a file, so the input is long enough to need one."""
    sizes = {"hidden_size": 512, "num_hidden_layers": 2, "num_attention_heads": 4}
    config = tf.BertConfig(**sizes, vocab_size=20, intermediate_size=8, max_position_embeddings=600)
    model = tf.BertModel(config).eval()
    seen = []
    for layer in model.encoder.layer:
        layer.attention.self.value.register_forward_hook(lambda *call: seen.append(call[-1]))
    trace = capture(model, {"input_ids": torch.randint(0, 20, (1, 600))})
    for layer, values in enumerate(seen):
        expected = values[0].unflatten(-1, (4, 128)).transpose(0, 1)
        assert torch.equal(trace.value(layer), expected)


def test_frames_of_sounds_whose_lengths_are_given_are_one_entry():
    given = {"input_features": torch.randn(16, 64), "feature_lens": torch.tensor([40, 24])}
    assert one_entry(given, None).tensors["input_features"].shape == (16, 64)
