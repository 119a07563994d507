"""Where a text has white space between its tokens, and which tokens are no text at all."""

import re
import unicodedata
from itertools import pairwise

from attnwidget.trace.tokens import Tokens

_PLACE = re.compile(
    r"(\d+: )?(img\d* )?(f\d+ )?r\d+ c\d+"  # patches: "r3 c5", "img2 f0 r1 c4"
    r"|img\d* \d+"
    r"|\d+(\.\d+)? s"  # frames of a sound: "0.42 s"
)
_SPACES = ("Ġ", "▁", " ")
"""The characters by which pieces say that a space stands before them."""

_CLOSING = frozenset(".,!?;:%)]}…”»、。，．！？；：）」』】》")
_OPENING = frozenset("([{“„«（「『【《#$€£@")
_JOINING = frozenset("'’-‐/_")
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN")
"""The beginnings of the names of characters of scripts without spaces between words."""


def places(tokens: Tokens) -> tuple[bool, ...]:
    """Return for each token whether it names a patch of an image or a frame of a sound."""
    return tuple(
        raw == text and _PLACE.fullmatch(text) is not None
        for raw, text in zip(tokens.raw, tokens.text, strict=True)
    )


def spaced(tokens: Tokens) -> tuple[bool, ...]:
    """Return for each token whether a space stands before it in the text.

    Where pieces have a mark for spaces (``Ġ``, ``▁``), they say it themselves. Else words are apart
    as they are in print: without a space before a full stop, after an opening bracket, around an
    apostrophe, and between the signs of Chinese. Where every token is one character, the text is
    read character by character, and its spaces are tokens.
    """
    ordinary = [raw for raw, own in zip(tokens.raw, tokens.special, strict=True) if not own]
    if any(raw.startswith(_SPACES) for raw in ordinary):
        return tuple(_marked(tokens, place) for place in range(len(tokens)))
    if len(ordinary) > 1 and all(len(raw) == 1 for raw in ordinary):
        return (False,) * len(tokens)
    printed = _printed(tokens)
    return tuple(
        bool(place) and not _stands_alone(tokens, place) and printed[place]
        for place in range(len(tokens))
    )


def _marked(tokens: Tokens, place: int) -> bool:
    """Return whether a piece says so; spaces at the very start, and spaces alone, are no gaps."""
    is_start = place == 0 or tokens.special[place - 1]
    return (
        not is_start
        and not tokens.special[place]
        and tokens.raw[place].startswith(_SPACES)
        and tokens.text[place].strip("␣") != ""
    )


def _stands_alone(tokens: Tokens, place: int) -> bool:
    """Return whether a token continues a word, or a special one is on either side."""
    return tokens.continues[place] or any(tokens.special[place - 1 : place + 1])


def _printed(tokens: Tokens) -> list[bool]:
    """Return where words and marks have a space between them in print."""
    found = [False]
    quotes = 0
    for place, (before, after) in enumerate(pairwise(tokens.text), start=1):
        if before == '"':
            quotes += 1
        if after == '"' or (before == '"' and after not in _CLOSING):
            found.append(quotes % 2 == 0)
        elif not before or not after:
            found.append(True)
        else:
            found.append(not _joins(tokens.text, place))
    return found


def _joins(text: tuple[str, ...], place: int) -> bool:
    before, after = text[place - 1], text[place]
    last, first = before[-1], after[0]
    if after in _CLOSING or before in _OPENING or _is_break(last) or _is_break(first):
        return True
    if after in _JOINING:
        return last.isalnum() and place + 1 < len(text) and text[place + 1][:1].isalnum()
    if before in _JOINING:
        return first.isalnum() and place > 1 and text[place - 2][-1:].isalnum()
    if before in {".", ","} and place > 1:
        return first.isdigit() and text[place - 2][-1:].isdigit()
    return _is_unspaced(last) or _is_unspaced(first)


def _is_break(character: str) -> bool:
    return character in "⏎⇥␍␣" or character.isspace()


def _is_unspaced(character: str) -> bool:
    return unicodedata.name(character, "").startswith(_UNSPACED)
