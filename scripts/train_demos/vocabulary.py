"""Tokenizers with one token per character or per word."""

from __future__ import annotations

from collections.abc import Sequence

from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from tokenizers.pre_tokenizers import PreTokenizer
from tokenizers.processors import TemplateProcessing


def whole_token_tokenizer(
    special: Sequence[str],
    tokens: Sequence[str],
    *,
    unknown: str,
    splitter: PreTokenizer,
    template: str,
) -> Tokenizer:
    """Build a tokenizer whose vocabulary is exactly the tokens given, in that order.

    Parameters
    ----------
    special, tokens
        Special tokens, which get the first ids, and ordinary ones.
    unknown
        The special token for whatever else occurs.
    splitter
        Cuts text into what the vocabulary holds.
    template
        Template of special tokens around a text, with ``$A`` for the text.
    """
    ids = {token: i for i, token in enumerate((*special, *tokens))}
    tokenizer = Tokenizer(WordLevel(ids, unk_token=unknown))
    tokenizer.pre_tokenizer = splitter
    tokenizer.post_processor = TemplateProcessing(
        single=template, special_tokens=[(token, ids[token]) for token in special]
    )
    return tokenizer
