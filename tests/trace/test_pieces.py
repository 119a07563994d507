"""Pieces of tokenizers, made readable."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from attnwidget.trace import Tokens, is_special, readable
from attnwidget.trace.byte_level import BYTES, decode
from attnwidget.trace.pieces import visible

CHARACTERS = {byte: character for character, byte in BYTES.items()}


def encode(text):
    return "".join(CHARACTERS[byte] for byte in text.encode())


@pytest.mark.parametrize(
    ("pieces", "text", "continues"),
    [
        ("[CLS] un ##believ ##able ! [SEP]", "[CLS] un believ able ! [SEP]", [2, 3]),
        ("<|endoftext|> The Ġcat 's Ġmeow ing .", "<|endoftext|> The cat 's meow ing .", [3, 5]),
        ("▁The ▁un believ able </s>", "The un believ able </s>", [2, 3]),
        ("<s> ▁a ( b )", "<s> a ( b )", []),
        ("un believ able</w> cat</w> s</w>", "un believ able cat s", [1, 2]),
        ("the New York cat", "the New York cat", []),
        ("## Title", "## Title", []),
    ],
)
def test_markers_of_tokenizers(pieces, text, continues):
    shown, joined = readable(pieces.split())
    assert list(shown) == text.split()
    assert [place for place, each in enumerate(joined) if each] == continues


def test_nothing_continues_a_special_token():
    _, continues = readable(["Ġa", "<|im_end|>", "user", "Ċ", "Ġb"])
    assert not any(continues)


def test_the_scheme_can_be_given():
    assert readable(["Hello"], scheme="byte-level") == (("Hello",), (False,))
    assert readable(["cafÃ©", "s"], scheme="byte-level") == (("café", "s"), (False, True))
    assert readable(["##a", "▁b"], scheme="plain")[0] == ("##a", "▁b")


def test_broken_characters_stay_visible_and_belong_together():
    emoji = encode("😀")
    text, continues = readable(["Ġhi", "Ġ" + emoji[:2], emoji[2:]])
    assert text == ("hi", r"\xf0\x9f", r"\x98\x80")
    assert continues == (False, False, True)
    assert readable(["▁a", "<0xE2>", "<0x0A>"])[0] == ("a", r"\xe2", "⏎")


def test_white_space_is_visible():
    assert readable(["Ġa", "Ċ", "ĊĊ", "ĉ", "Ġ", "ĠĠĠ", "b"]) == (
        ("a", "⏎", "⏎⏎", "⇥", "␣", "␣␣␣", "b"),
        (False,) * 7,
    )
    assert readable(["▁", "▁▁", "▁a"])[0] == ("␣", "␣␣", "a")


def test_hostile_text_is_escaped():
    assert visible("a\u202eb\x00c\ud800") == r"a\u202eb\u0000c\ud800"
    assert visible("naïve 👩‍🚀 <b>") == "naïve 👩‍🚀 <b>"


@given(st.text())
def test_byte_level_pieces_decode_to_what_was_encoded(text):
    assert decode(encode(text)) == text


def test_the_byte_level_alphabet_is_whole():
    assert sorted(BYTES.values()) == list(range(256))
    assert (BYTES["Ġ"], BYTES["Ċ"], BYTES["ĉ"], BYTES["a"]) == (32, 10, 9, 97)
    assert decode("日本") == "日本"


@given(st.lists(st.text("abcd ,.", min_size=1)))
def test_plain_words_stay_and_continue_nothing(words):
    text, continues = readable(words)
    assert [each for each in text if "␣" not in each] == [each for each in words if each.strip(" ")]
    assert not any(continues)


@given(st.lists(st.text()))
def test_any_text_has_one_visible_entry_a_piece(pieces):
    text, continues = readable(pieces)
    assert len(text) == len(continues) == len(pieces)
    assert not any("\n" in each or "\u202e" in each for each in text)
    "".join(text).encode()


FRAMES = "[CLS] [SEP] [PAD] <s> </s> <pad> <bos> <eos> <|endoftext|> <|im_start|>"
PARTS = "[MASK] <unk> <b> [1] cls <> | <extra_id_0>"


@pytest.mark.parametrize("piece", FRAMES.split())
def test_frames_of_the_text_are_special(piece):
    assert is_special(piece)


@pytest.mark.parametrize("piece", PARTS.split())
def test_parts_of_the_text_are_not(piece):
    assert not is_special(piece)


def test_tokens_keep_pieces_and_pairs():
    tokens = Tokens.from_text(["[CLS]", "a", "[SEP]", "b", "[SEP]"], segments=[0, 0, 0, 1, 1])
    assert tokens.has_pair
    assert not Tokens.from_text(["a"]).has_pair
    assert Tokens.from_text(["Ġwalk", "ing"]).raw == ("Ġwalk", "ing")
    assert len(tokens) == 5
