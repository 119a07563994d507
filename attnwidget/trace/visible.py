"""Characters that would not show, or would disturb their surroundings, made visible."""

import unicodedata

_SYMBOLS = {"\n": "⏎", "\r": "␍", "\t": "⇥"}
_UNSEEN = {"Cc", "Cs", "Zl", "Zp"}
_REORDERING = set("\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


def visible(text: str) -> str:
    r"""Return `text` with nothing invisible in it.

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
