"""Tokenizers that are none of transformers' own, and texts that a decoder is taught."""

import shutil
from pathlib import Path

import pytest
import torch
import transformers as tf

from attnwidget.capture import capture
from tests.capture.small_modules import SEQ2SEQ, TEXT, llama, made

CODE = 100
"""Id of a language code."""


class Foreign:
    """A tokenizer as mistral-common makes it: no masks, no pairs, and methods for attributes."""

    all_special_ids = (0, 1, 2, CODE)
    model_max_length = 1000
    truncation_side = "right"

    def __init__(self, *after: int) -> None:
        self.after = after

    def __call__(self, text=None, text_target=None, **options):
        ids = [10 + len(word) for word in (text or text_target).split()]
        return tf.BatchEncoding({"input_ids": torch.tensor([[*ids, *self.after]])})

    def convert_ids_to_tokens(self, ids):
        return f"t{ids}" if isinstance(ids, int) else [f"t{each}" for each in ids]

    def added_tokens_decoder(self):
        return {}

    def num_special_tokens_to_add(self, pair):
        if pair:
            raise ValueError("no pairs")
        return 1

    def get_vocab(self):
        return {f"t{place}": place for place in range(120)}


def test_tokens_have_their_names_and_pairs_are_refused():
    model = llama()
    trace = capture(model, "a bcd", tokenizer=Foreign(2))
    assert trace.tokens == ["t11", "t13", "t2"]
    assert trace.stacks[0].queries.special == (False, False, True)
    assert trace.predictions().entries[0].text.startswith("t")
    with pytest.raises(ValueError, match=r"Foreign puts nothing between the texts.*Join them"):
        capture(model, "a", "b", tokenizer=Foreign(2))


def test_a_language_code_at_the_end_goes_to_the_front():
    model = made(tf.MBartForConditionalGeneration, tf.MBartConfig(**SEQ2SEQ))
    tokenizer = Foreign(2, CODE)
    trace = capture(model, "a bcd", decoder_text="ef g", tokenizer=tokenizer)
    labels = tokenizer(text_target="ef g").input_ids
    shifted = model.prepare_decoder_input_ids_from_labels(labels)[0].tolist()
    assert trace["decoder"].query_tokens == [f"t{each}" for each in shifted]
    assert shifted == [CODE, 12, 11, 2]


def test_characters_without_a_tokenizer():
    config = tf.CanineConfig(**TEXT, downsampling_rate=4, local_transformer_stride=16)
    trace = capture(made(tf.CanineModel, config), {"input_ids": torch.arange(5, 21)[None]})
    by_length = {len(trace[name].queries): trace[name].num_layers for name in trace.streams}
    assert by_length == {16: 2, 4: 2}


class Unfinished(Foreign):
    """As mistral-common's tokenizer in transformers: names with nothing behind them."""

    tokenizer = object()

    @property
    def added_tokens_decoder(self):
        raise NotImplementedError("no added tokens")

    def convert_ids_to_tokens(self, ids):
        """Return pieces that begin a word with a space."""
        return {11: "wal", 13: " the", 15: "ked"}.get(ids, f"<{ids}>")

    def apply_chat_template(self, messages, **options):
        return {"input_ids": torch.tensor([[1, 13, 11, 15, 2]])}


def test_names_with_nothing_behind_them_and_spaces_before_words():
    trace = capture(llama(), "abc a abcde", tokenizer=Unfinished(2))
    assert trace.tokens == ["the", "wal", "ked", "<2>"]
    assert trace.stacks[0].queries.continues == (False, True, True, False)
    chat = capture(llama(), [{"role": "user", "content": "a"}], tokenizer=Unfinished())
    assert chat.tokens == ["<1>", "the", "wal", "ked", "<2>"]
    assert chat.stacks[0].queries.special == (True, False, False, False, True)
    held = capture(llama(), [{"role": "user", "content": "a"}], processor=Unfinished())
    assert held.tokens == chat.tokens


def test_mistral_common(tmp_path):
    library = pytest.importorskip("mistral_common")
    config = tf.MistralConfig(**{**TEXT, "vocab_size": 131072}, head_dim=8)
    made(tf.MistralForCausalLM, config).save_pretrained(tmp_path)
    data = Path(library.__file__).parent / "data"
    shutil.copy(data / "tekken_240718.json", tmp_path / "tekken.json")
    trace = capture(tmp_path, "Hello, Zürich")
    assert trace.tokens == ["<s>", "Hello", ",", "Zürich"]
    assert trace.stacks[0].queries.special == (True, False, False, False)
    chat = capture(tmp_path, [{"role": "user", "content": "Hello"}])
    assert chat.tokens == ["<s>", "[INST]", "Hello", "[/INST]"]
    with pytest.raises(ValueError, match=r"puts nothing between the texts.*Join them"):
        capture(tmp_path, "a", "b")
