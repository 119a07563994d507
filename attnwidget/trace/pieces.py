"""Turn the pieces of a tokenizer into readable text."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias

from attnwidget.trace.byte_level import decode

Scheme: TypeAlias = Literal["plain", "wordpiece", "byte-level", "metaspace", "word-end", "spaced"]
"""Scheme in which pieces mark words: none, ``##``, ``Ġ``, ``▁``, ``</w>`` or a space first."""

_SPECIAL = re.compile(
    r"\[(CLS|SEP|PAD|BOS|EOS)\]|</?s>|<(pad|bos|eos|cls|sep)>|<(start|end)_of_turn>|<[|｜][^<>]+[|｜]>"
)
_BYTE = re.compile(r"<0x([0-9A-Fa-f]{2})>")

_SYMBOLS = {"\n": "⏎", "\r": "␍", "\t": "⇥"}
_UNSEEN = {"Cc", "Cs", "Zl", "Zp"}
_REORDERING = set("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def is_special(piece: str) -> bool:
    """Return whether a piece has the form of a token that frames the text, such as ``[CLS]``.

    Masks and unknown words do not count, because they stand for a part of the text.
    """
    return _SPECIAL.fullmatch(piece) is not None


def readable(
    pieces: Sequence[str],
    special: Sequence[bool] | None = None,
    scheme: Scheme | None = None,
) -> tuple[tuple[str, ...], tuple[bool, ...]]:
    """Return the text of each piece, and True for each that continues the word before it.

    Parameters
    ----------
    pieces
        The tokens as the tokenizer has them: ``"Ġwalked"``, ``"##ing"``.
    special
        True for each special token, which stays as it is and belongs to no word; None judges by the
        form of the pieces.
    scheme
        Scheme in which the pieces mark words; None judges by the pieces. Without any marker no
        piece is a continuation.

    Returns
    -------
    text : tuple of str
    continues : tuple of bool
        If spaces alone mark words (``Ġ``, ``▁``), punctuation neither continues a word nor is
        continued.
    """
    special = [is_special(piece) for piece in pieces] if special is None else special
    ordinary = [piece for piece, is_sp in zip(pieces, special, strict=True) if not is_sp]
    read = _READERS[scheme or _scheme(ordinary)]
    text: list[str] = []
    continues: list[bool] = []
    joins = False
    for piece, is_sp in zip(pieces, special, strict=True):
        shown, joins_previous, joins_next = (piece, False, False) if is_sp else read(piece)
        text.append(visible(shown))
        continues.append(joins and joins_previous)
        joins = joins_next
    return tuple(text), tuple(continues)


def visible(text: str) -> str:
    r"""Return `text` with its invisible characters made visible.

    Line feeds and tabs become ⏎ and ⇥, a text of nothing but spaces one ␣ for each, and control
    characters, lone surrogates and marks that reorder text are escaped as ``\u202e``.
    """
    if text and text.strip(" ") == "":
        return "␣" * len(text)
    return "".join(map(_shown, text))


def _shown(character: str) -> str:
    if character in _SYMBOLS:
        return _SYMBOLS[character]
    if character in _REORDERING or unicodedata.category(character) in _UNSEEN:
        return f"\\u{ord(character):04x}"
    return character


def _scheme(pieces: Sequence[str]) -> Scheme:
    if any(piece.startswith("##") and len(piece) > 2 for piece in pieces):
        return "wordpiece"
    if any(piece.endswith("</w>") for piece in pieces):
        return "word-end"
    if any(piece.startswith("▁") for piece in pieces):
        return "metaspace"
    if any(piece.startswith(("Ġ", "Ċ")) for piece in pieces):
        return "byte-level"
    return "plain"


# A reader returns the text of a piece, True if it may continue the piece before it, and True if the
# piece after it may continue it.
_Reader: TypeAlias = Callable[[str], tuple[str, bool, bool]]


def _plain(piece: str) -> tuple[str, bool, bool]:
    return piece, False, False


def _wordpiece(piece: str) -> tuple[str, bool, bool]:
    if piece.startswith("##") and len(piece) > 2:
        return piece[2:], True, True
    return piece, False, True


def _word_end(piece: str) -> tuple[str, bool, bool]:
    if piece.endswith("</w>"):
        return piece.removesuffix("</w>"), True, False
    return piece, True, True


def _metaspace(piece: str) -> tuple[str, bool, bool]:
    byte = _BYTE.fullmatch(piece)
    if byte:
        value = int(byte[1], 16)
        return (chr(value) if value < 0x80 else f"\\x{value:02x}"), True, True
    return _spaced(piece.replace("▁", " "))


def _byte_level(piece: str) -> tuple[str, bool, bool]:
    return _spaced(decode(piece))


def _spaced(text: str) -> tuple[str, bool, bool]:
    if not _wordlike(text):
        return (text.removeprefix(" ") if text.strip(" ") else text), False, False
    return text.removeprefix(" "), not text[0].isspace(), not text[-1].isspace()


def _wordlike(text: str) -> bool:
    r"""Return whether a text has a letter, a digit or a part of a character (``\xe2``)."""
    return any(
        character.isalnum() or unicodedata.category(character)[0] == "M" for character in text
    )


_READERS: dict[Scheme, _Reader] = {
    "plain": _plain,
    "wordpiece": _wordpiece,
    "byte-level": _byte_level,
    "metaspace": _metaspace,
    "word-end": _word_end,
    "spaced": _spaced,
}
