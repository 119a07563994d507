"""What the tokens of a trace are called."""

import pytest
import torch
import transformers as tf

from attnwidget.capture import capture
from attnwidget.trace import Tokens
from tests.capture import small_tokenizers as small
from tests.capture.architectures import INTERFACE, VISION, image, sound

VOCABULARY = {"vocab_size": 400, "max_position_embeddings": 40}
TINY = {
    **VOCABULARY,
    "hidden_size": 8,
    "num_hidden_layers": 1,
    "num_attention_heads": 2,
    "intermediate_size": 8,
}


def tokens(tokenizer: object, text: str, text_pair: str | None = None) -> Tokens:
    model = tf.BertModel(tf.BertConfig(**TINY))
    return capture(model, text, text_pair, tokenizer=tokenizer)["self"].queries


def flagged(tokens: Tokens, flags: tuple[bool, ...]) -> list[str]:
    return [text for text, flag in zip(tokens.text, flags, strict=True) if flag]


def test_word_pieces():
    found = tokens(small.word_piece(), "caf\u00e9 walked.")
    assert found.raw == ("[CLS]", "caf", "##\u00e9", "walk", "##ed", ".", "[SEP]")
    assert found.text == ("[CLS]", "caf", "\u00e9", "walk", "ed", ".", "[SEP]")
    assert flagged(found, found.special) == ["[CLS]", "[SEP]"]
    assert flagged(found, found.continues) == ["\u00e9", "ed"]


def test_unknown_words_and_masks_are_no_special_tokens():
    found = tokens(small.word_piece(), "strange [MASK]")
    assert found.text == ("[CLS]", "[UNK]", "[MASK]", "[SEP]")
    assert flagged(found, found.special) == ["[CLS]", "[SEP]"]


def test_bytes():
    found = tokens(small.byte_level(), "The caf\u00e9 walked")
    assert found.raw == ("The", "\u0120caf", "\u00c3\u00a9", "\u0120walk", "ed")
    assert found.text == ("The", "caf", "\u00e9", "walk", "ed")
    assert flagged(found, found.continues) == ["\u00e9", "ed"]


def test_bytes_are_decoded_where_no_piece_begins_with_a_space():
    assert tokens(small.byte_level(), "\u00e9").text == ("\u00e9",)


def test_special_tokens_that_were_added_for_chats():
    found = tokens(small.byte_level(chat=True), "<|im_start|>The<|im_end|>")
    assert flagged(found, found.special) == ["<|im_start|>", "<|im_end|>"]


def test_pieces_of_a_tokenizer_that_takes_the_text_for_one_word():
    found = tokens(small.metaspace(), "The walked")
    assert found.raw == ("<s>", "\u2581The", "\u2581walk", "ed")
    assert found.text == ("<s>", "The", "walk", "ed")
    assert flagged(found, found.continues) == ["ed"]


def test_pieces_that_mark_the_end_of_a_word():
    found = tokens(small.word_end(), "the walked")
    assert found.raw == ("the</w>", "walk", "ed</w>")
    assert found.text == ("the", "walk", "ed")
    assert flagged(found, found.continues) == ["ed"]


def test_characters():
    assert tokens(small.characters(), "abc").text == ("a", "b", "c")


@pytest.mark.parametrize(
    ("tokenizer", "expected"),
    [
        (small.word_piece, "[CLS]0 walk0 ed0 [SEP]0 the1 [SEP]1"),
        (lambda: small.byte_level(roberta=True), "<s>0 w0 a0 l0 k0 ed0 </s>0 </s>0 t1 h1 e1 </s>1"),
    ],
    ids=["bert", "roberta"],
)
def test_special_tokens_of_a_pair_belong_to_the_text_they_close(tokenizer, expected):
    found = tokens(tokenizer(), "walked", "the")
    assert found.has_pair
    assert [f"{text}{part}" for text, part in zip(found.text, found.segments, strict=True)] == (
        expected.split()
    )


def test_ready_inputs_of_a_pair():
    tokenizer = small.word_piece()
    model = tf.BertModel(tf.BertConfig(**TINY))
    plain = {
        "input_ids": [[2, 8, 3, 5, 3, 0]],
        "token_type_ids": [[0, 0, 0, 1, 1, 0]],
        "attention_mask": [[1, 1, 1, 1, 1, 0]],
    }
    for inputs in (plain, tokenizer("walk", "the", padding="max_length", max_length=6)):
        found = capture(model, inputs, tokenizer=tokenizer)["self"].queries
        assert found.text == ("[CLS]", "walk", "[SEP]", "the", "[SEP]")
        assert found.segments == (0, 0, 0, 1, 1)


def test_ids_are_the_tokens_where_no_tokenizer_is_known():
    model = tf.BertModel(tf.BertConfig(**TINY))
    assert capture(model, {"input_ids": [4, 5, 6]}).tokens == ["4", "5", "6"]


def test_positions_are_the_tokens_where_there_are_no_ids():
    model = tf.BertModel(tf.BertConfig(**TINY))
    assert capture(model, {"inputs_embeds": torch.randn(1, 3, 8)}).tokens == ["0", "1", "2"]


def test_patches_are_named_by_row_and_column():
    model = tf.ViTModel(tf.ViTConfig(**{**VISION, "image_size": (16, 24)}))
    found = capture(model, image(16, 24))["self"].queries
    assert found.text == ("[CLS]", "r0 c0", "r0 c1", "r0 c2", "r1 c0", "r1 c1", "r1 c2")
    assert flagged(found, found.special) == ["[CLS]"]


def test_registers():
    config = tf.Dinov2WithRegistersConfig(**VISION, num_register_tokens=2)
    found = capture(tf.Dinov2WithRegistersModel(config), image())["self"].queries
    assert found.text[:4] == ("[CLS]", "[REG 1]", "[REG 2]", "r0 c0")
    assert flagged(found, found.special) == ["[CLS]", "[REG 1]", "[REG 2]"]
    assert found.text[-1] == "r2 c2"


def test_an_image_without_class_token():
    config = tf.SiglipVisionConfig(**VISION)
    found = capture(tf.SiglipVisionModel(config), image())["self"].queries
    assert found.text[0] == "r0 c0"
    assert not any(found.special)


def test_frames_are_named_by_their_time():
    whisper = next(each for each in INTERFACE if each.name == "whisper")
    trace = capture(whisper.model(), sound())
    assert trace["encoder"].query_tokens[:3] == ["0.00 s", "0.02 s", "0.04 s"]
    assert trace["cross"].key_tokens == trace["encoder"].query_tokens
    assert trace["decoder"].query_tokens == [
        str(each) for each in sound()["decoder_input_ids"][0].tolist()
    ]


def test_the_tokenizer_saved_with_the_model_is_found(tmp_path):
    tf.BertModel(tf.BertConfig(**TINY)).save_pretrained(tmp_path)
    small.word_piece().save_pretrained(tmp_path)
    loaded = tf.BertModel.from_pretrained(tmp_path)
    for model in (tmp_path, str(tmp_path), loaded):
        trace = capture(model, "the walk")
        assert trace.tokens == ["[CLS]", "the", "walk", "[SEP]"]
        assert trace.model_name == tmp_path.name


def test_a_model_in_a_folder_called_model_has_the_name_of_the_folder_around_it(tmp_path):
    folder = tmp_path / "walker" / "model"
    tf.BertModel(tf.BertConfig(**TINY)).save_pretrained(folder)
    assert capture(folder, {"input_ids": [[1, 2]]}).model_name == "walker"
