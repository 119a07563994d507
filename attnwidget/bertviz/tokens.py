"""Make Tokens from the arguments of BertViz."""

import operator
from collections.abc import Sequence
from dataclasses import replace
from typing import SupportsIndex

from attnwidget.trace import Tokens
from attnwidget.trace.pieces import visible


def shown_tokens(pieces: Sequence[str], prettify: bool) -> Tokens:
    """Return tokens with readable text or, if `prettify` is false, with the pieces as text.

    Raises
    ------
    ValueError
        `pieces` is no list of strings.
    """
    tokens = Tokens.from_text(pieces)
    return tokens if prettify else replace(tokens, text=tuple(map(visible, tokens.raw)))


def segmented(tokens: Tokens, sentence_b_start: SupportsIndex) -> Tokens:
    """Return tokens of two texts, the second of which begins at `sentence_b_start`.

    Raises
    ------
    ValueError
        One of the texts would have no tokens, or `sentence_b_start` is no whole number.
    """
    try:
        start = 0 if isinstance(sentence_b_start, bool) else operator.index(sentence_b_start)
    except TypeError:
        start = 0
    if not 0 < start < len(tokens):
        raise ValueError(
            f"sentence_b_start must be the place of the first token of the second text, from 1 to "
            f"{len(tokens) - 1} of {len(tokens)} tokens, but {sentence_b_start!r} was given. Pass "
            "None where there is one text only."
        )
    return replace(tokens, segments=tuple(int(place >= start) for place in range(len(tokens))))
