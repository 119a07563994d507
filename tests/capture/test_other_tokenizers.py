"""Tokenizers that are none of transformers' own, and texts that a decoder is taught."""

import pytest
import torch
import transformers as tf

from attnwidget.capture import capture

SEQ2SEQ = {
    "vocab_size": 120,
    "d_model": 32,
    "encoder_layers": 2,
    "decoder_layers": 2,
    "encoder_attention_heads": 4,
    "decoder_attention_heads": 4,
    "encoder_ffn_dim": 48,
    "decoder_ffn_dim": 48,
}
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
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4}
    model = tf.LlamaForCausalLM(tf.LlamaConfig(vocab_size=120, intermediate_size=48, **sizes))
    trace = capture(model.eval(), "a bcd", tokenizer=Foreign(2))
    assert trace.tokens == ["t11", "t13", "t2"]
    assert trace.stacks[0].queries.special == (False, False, True)
    assert trace.predictions().entries[0].text.startswith("t")
    with pytest.raises(ValueError, match=r"Foreign puts nothing between the texts.*Join them"):
        capture(model, "a", "b", tokenizer=Foreign(2))


def test_a_language_code_at_the_end_goes_to_the_front():
    torch.manual_seed(0)
    model = tf.MBartForConditionalGeneration(tf.MBartConfig(**SEQ2SEQ)).eval()
    tokenizer = Foreign(2, CODE)
    trace = capture(model, "a bcd", decoder_text="ef g", tokenizer=tokenizer)
    labels = tokenizer(text_target="ef g").input_ids
    shifted = model.prepare_decoder_input_ids_from_labels(labels)[0].tolist()
    assert trace["decoder"].query_tokens == [f"t{each}" for each in shifted]
    assert shifted == [CODE, 12, 11, 2]


def test_characters_without_a_tokenizer():
    sizes = {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4}
    config = tf.CanineConfig(
        **sizes, intermediate_size=48, downsampling_rate=4, local_transformer_stride=16
    )
    trace = capture(tf.CanineModel(config).eval(), {"input_ids": torch.arange(5, 21)[None]})
    by_length = {len(trace[name].queries): trace[name].num_layers for name in trace.streams}
    assert by_length == {16: 2, 4: 2}
