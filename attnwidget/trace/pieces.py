"""From the pieces of a tokenizer to text that a person can read."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias

from attnwidget.trace.byte_level import decode
from attnwidget.trace.visible import visible

Scheme: TypeAlias = Literal["plain", "wordpiece", "byte-level", "metaspace", "word-end"]
"""How pieces say where words begin: not at all, ``##``, ``Ġ``, ``▁`` or ``</w>``."""

_SPECIAL = re.compile(
    r"\[(CLS|SEP|PAD|BOS|EOS)\]|</?s>|<(pad|bos|eos|cls|sep)>|<(start|end)_of_turn>|<[|｜][^<>]+[|｜]>"
)
_BYTE = re.compile(r"<0x([0-9A-Fa-f]{2})>")


def is_special(piece: str) -> bool:
    """Return whether a piece has the form of a token that frames the text, such as ``[CLS]``.

    Masks and unknown words do not count: they stand for a part of the text.
    """
    return _SPECIAL.fullmatch(piece) is not None


def readable(
    pieces: Sequence[str],
    special: Sequence[bool] | None = None,
    scheme: Scheme | None = None,
) -> tuple[tuple[str, ...], tuple[bool, ...]]:
    """Return the text of each piece and whether it continues the word before it.

    Parameters
    ----------
    pieces
        The tokens as the tokenizer has them: ``"Ġwalked"``, ``"##ing"``.
    special
        Which are special tokens; judged by their form if None. These stay as they are and belong
        to no word.
    scheme
        How the pieces mark words; judged by the pieces if None. Without any marker nothing is a
        continuation.

    Returns
    -------
    text : tuple of str
    continues : tuple of bool
        Where spaces alone mark words (``Ġ``, ``▁``), punctuation neither continues a word nor is
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


# Each reader returns the text, whether the piece may continue the piece before it, and whether the
# piece after it may continue this one.
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
    r"""Return whether a text holds a letter, a digit or a part of a character (``\xe2``)."""
    return any(
        character.isalnum() or unicodedata.category(character)[0] == "M" for character in text
    )


_READERS: dict[Scheme, _Reader] = {
    "plain": _plain,
    "wordpiece": _wordpiece,
    "byte-level": _byte_level,
    "metaspace": _metaspace,
    "word-end": _word_end,
}
