"""What capture says to those who give it what it cannot use."""

import pytest
import torch
import transformers as tf
from torch import nn

from attnwidget.capture import capture
from attnwidget.capture.batch import capture_batch
from tests.capture import small_tokenizers as small
from tests.capture.architectures import INTERFACE, VISION
from tests.capture.test_tokens import TINY

ARCHITECTURES = {each.name: each for each in INTERFACE}


def bert(**options: object) -> tf.BertModel:
    return tf.BertModel(tf.BertConfig(**{**TINY, **options}))


@pytest.mark.parametrize("text", ["", "  \n"])
def test_an_empty_text(text):
    with pytest.raises(ValueError, match="text is empty"):
        capture(bert(), text, tokenizer=small.word_piece())
    with pytest.raises(ValueError, match="text_pair is empty"):
        capture(bert(), "the", text, tokenizer=small.word_piece())


def test_a_text_without_tokens():
    tokenizer = small.characters()
    tokenizer.backend_tokenizer.normalizer = __import__("tokenizers").normalizers.Replace("a", "")
    with pytest.raises(ValueError, match="into no tokens"):
        capture(bert(), "a", tokenizer=tokenizer)


def test_a_text_longer_than_the_model():
    with pytest.raises(ValueError, match=r"is 62 tokens long, but BertModel takes at most 40\."):
        capture(bert(), "the " * 60, tokenizer=unlimited())
    with pytest.raises(ValueError, match=r"input_ids is 41 tokens long.*at most 40"):
        capture(bert(), {"input_ids": torch.ones(1, 41, dtype=torch.long)})


def test_a_text_longer_than_the_tokenizer_says():
    with pytest.raises(ValueError, match=r"is 36 tokens long, but BertModel takes at most 32\."):
        capture(bert(), "the " * 34, tokenizer=small.word_piece())


def test_a_decoder_text_longer_than_the_model():
    bart = ARCHITECTURES["bart"].model()
    bart.config.max_position_embeddings = 16
    with pytest.raises(ValueError, match=r"decoder_text is 32 tokens long.*at most 16"):
        capture(bart, "the", decoder_text="the " * 30, tokenizer=small.word_piece())


def test_an_unknown_model():
    with pytest.raises(ValueError, match=r"no/such-model.*local path.*cache.*offline") as raised:
        capture("no/such-model", "the")
    assert "HF_HUB_OFFLINE" in str(raised.value)


def test_a_folder_without_a_model(tmp_path):
    with pytest.raises(ValueError, match="exists, but transformers cannot read it"):
        capture(tmp_path, "the")


def test_a_file_that_is_no_model(tmp_path):
    (tmp_path / "broken.gguf").write_bytes(b"no such thing")
    with pytest.raises(ValueError, match="cannot read it"):
        capture(tmp_path / "broken.gguf", "the")


@pytest.mark.parametrize("model", [3, None, tf.BertModel])
def test_what_is_no_model(model):
    with pytest.raises(ValueError, match="model must be a name or path"):
        capture(model, "the")


@pytest.mark.parametrize("text", [3, ["the", 3], torch.ones(1, 3), object()])
def test_what_is_no_text(text):
    with pytest.raises(ValueError, match=r"text must be a string or a mapping.*type"):
        capture(bert(), text)
    with pytest.raises(ValueError, match=r"There is no input\. Pass a text"):
        capture(bert(), None)


def test_a_pair_that_is_no_text():
    with pytest.raises(ValueError, match="text_pair must be a string"):
        capture(bert(), "the", ["the"], tokenizer=small.word_piece())
    with pytest.raises(ValueError, match="hold both texts"):
        capture(bert(), {"input_ids": [2, 3]}, "the")


def test_a_pair_for_a_tokenizer_that_has_none():
    with pytest.raises(ValueError, match="nothing between the texts of a pair"):
        capture(bert(), "the", "walk", tokenizer=small.byte_level())


def test_no_tokenizer(tmp_path):
    with pytest.raises(ValueError, match=r"needs a tokenizer.*Pass tokenizer="):
        capture(bert(), "the")
    bert().save_pretrained(tmp_path)
    with pytest.raises(ValueError, match=r"No tokenizer for .*Pass tokenizer="):
        capture(tmp_path, "the")


@pytest.mark.parametrize("text", ["the", {"input_ids": [4, 5]}])
def test_the_name_of_a_tokenizer(text):
    advice = r"tokenizer of transformers, but 'bert'.*AutoTokenizer\.from_pretrained\('bert'\)"
    with pytest.raises(ValueError, match=advice):
        capture(bert(), text, tokenizer="bert")
    with pytest.raises(ValueError, match=advice):
        capture(ARCHITECTURES["bart"].model(), text, decoder_text="walk", tokenizer="bert")


@pytest.mark.parametrize(
    ("tokenizer", "given"),
    [
        (3, "an object of type int"),
        (tf.PreTrainedTokenizerFast, "the class"),
        (small.word_piece().encode, "an object of type method"),
        (nn.Linear(1, 1), "an object of type Linear"),
    ],
)
def test_what_is_no_tokenizer(tokenizer, given):
    with pytest.raises(ValueError, match=rf"tokenizer must be .*, but {given}.* AutoTokenizer"):
        capture(bert(), "the", tokenizer=tokenizer)


@pytest.mark.parametrize("entry", ["0", 1.5, [0]])
def test_a_number_of_an_entry_that_is_none(entry):
    inputs = {"input_ids": torch.ones(2, 4, dtype=torch.long)}
    with pytest.raises(ValueError, match="batch_index must be the number of an entry"):
        capture(bert(), inputs, batch_index=entry)


def test_one_text_is_no_batch():
    with pytest.raises(ValueError, match=r"batch_index=1 .* one text was given"):
        capture(bert(), "a text", batch_index=1)


@pytest.mark.parametrize("modules", [3, ["*.attn"], b"*.attn"])
def test_a_name_of_modules_that_is_none(modules):
    with pytest.raises(ValueError, match=r"modules must be a name with wildcards, such as"):
        capture(bert(), {"input_ids": [4, 5]}, modules=modules)


@pytest.mark.parametrize(
    "ids", [3, "the", ["the"], [1.5, 2.5], [True, False], [[4, 5], [6]], torch.tensor(4)]
)
def test_ids_that_are_none(ids):
    with pytest.raises(ValueError, match="input_ids must be token ids, whole numbers"):
        capture(bert(), {"input_ids": ids})


def test_a_mask_that_is_none():
    with pytest.raises(ValueError, match=r"attention_mask must be numbers .* but 'all'"):
        capture(bert(), {"input_ids": [4, 5], "attention_mask": "all"})


def test_inputs_by_other_than_names():
    with pytest.raises(ValueError, match=r"names of inputs must be strings .* but 3 was"):
        capture(bert(), {3: [4, 5]})


def test_a_batch_of_texts():
    with pytest.raises(ValueError, match=r"batch must be a mapping.*list was given.*padding=True"):
        capture_batch(bert(), ["the", "walk"])


@pytest.mark.parametrize("name", ["", " "])
def test_an_empty_name(name):
    with pytest.raises(ValueError, match="model is an empty string"):
        capture(name, "the")


def test_a_batch_of_which_no_entry_was_chosen():
    inputs = {"input_ids": torch.ones(3, 4, dtype=torch.long)}
    with pytest.raises(ValueError, match=r"batch of 3 \(input_ids \(3, 4\)\).*batch_index=0 to 2"):
        capture(bert(), inputs)
    with pytest.raises(IndexError, match="batch has 3 entries, so pass 0 to 2"):
        capture(bert(), inputs, batch_index=3)


def test_no_inputs():
    with pytest.raises(ValueError, match="inputs are empty"):
        capture(bert(), {"input_ids": torch.ones(1, 0, dtype=torch.long)})
    with pytest.raises(ValueError, match="inputs are empty"):
        capture(bert(), {})


def test_inputs_that_are_all_padding():
    with pytest.raises(ValueError, match="masks every token"):
        capture(bert(), {"input_ids": [4, 5], "attention_mask": [0, 0]})


def test_a_cache():
    inputs = {"input_ids": [4, 5], "past_key_values": tf.DynamicCache()}
    with pytest.raises(ValueError, match="past_key_values hold keys"):
        capture(ARCHITECTURES["llama"].model(), inputs)


def test_a_text_for_a_vision_model():
    model = tf.ViTModel(tf.ViTConfig(**VISION))
    with pytest.raises(ValueError, match=r"ViTModel reads pixel_values, not text.*'pixel_values'"):
        capture(model, "a cat")


def test_a_decoder_text_for_a_model_without_decoder():
    with pytest.raises(ValueError, match="decoder_text is for encoder-decoder models"):
        capture(bert(), "the", decoder_text="walk", tokenizer=small.word_piece())


def test_a_decoder_text_without_tokenizer():
    with pytest.raises(ValueError, match="needs a tokenizer"):
        capture(ARCHITECTURES["bart"].model(), {"input_ids": [4, 5]}, decoder_text="walk")


def test_a_model_that_cannot_write():
    base = tf.T5Model(ARCHITECTURES["t5"].model().config)
    with pytest.raises(ValueError, match=r"T5Model cannot write text.*decoder_text"):
        capture(base, {"input_ids": [4, 5]})
    with pytest.raises(ValueError, match=r"BertModel cannot write text.*max_new_tokens"):
        capture(bert(), {"input_ids": [4, 5]}, max_new_tokens=3)


@pytest.mark.parametrize("count", [-1, 1.5, "3"])
def test_a_number_of_new_tokens_that_is_none(count):
    with pytest.raises(ValueError, match="max_new_tokens must be"):
        capture(ARCHITECTURES["gpt2"].model(), {"input_ids": [4, 5]}, max_new_tokens=count)


def test_weights_on_the_meta_device():
    with torch.device("meta"):
        model = tf.BertModel(tf.BertConfig(**TINY))
    with pytest.raises(ValueError, match="meta device"):
        capture(model, {"input_ids": [4, 5]})


def test_a_state_space_model():
    config = tf.MambaConfig(vocab_size=50, hidden_size=16, num_hidden_layers=1, state_size=4)
    with pytest.raises(ValueError, match=r"No attention .* MambaForCausalLM.*state-space"):
        capture(tf.MambaForCausalLM(config), {"input_ids": [4, 5]})


def test_a_module_that_takes_other_inputs():
    with pytest.raises(ValueError, match=r"Linear does not take .*'input'\. It takes input\."):
        capture(nn.Linear(4, 4), {"nonsense": torch.ones(1)})


def test_a_tokenizer_of_another_model():
    with pytest.raises(ValueError, match=r"ids from 2 to 9, but BertModel knows the tokens 0 to 5"):
        capture(bert(vocab_size=6), "walked", tokenizer=small.word_piece())


def unlimited() -> tf.PreTrainedTokenizerFast:
    tokenizer = small.word_piece()
    tokenizer.model_max_length = 10**30
    return tokenizer
