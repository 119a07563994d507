"""Turn token ids into readable Tokens."""

from collections.abc import Mapping, Sequence
from typing import Any

from attnwidget.trace.pieces import Scheme, readable
from attnwidget.trace.tokens import Tokens

DECODERS: dict[str, Scheme] = {
    "ByteLevel": "byte-level",
    "WordPiece": "wordpiece",
    "BPEDecoder": "word-end",
    "▁": "metaspace",
}
"""Words in the description of a fast tokenizer's decoder, and the scheme that each means."""


def text_tokens(
    tokenizer: Any,
    ids: Sequence[int],
    *,
    words: Sequence[int | None] = (),
    segments: Sequence[int] = (),
) -> Tokens:
    """Return the Tokens of ids.

    Parameters
    ----------
    tokenizer
        The tokenizer that made the ids.
    ids
        Token ids, (n,).
    words
        The word that each token is part of, None for special ones; empty if unknown.
    segments
        The text of a pair that each token belongs to; empty without a pair.
    """
    raw = [_piece(tokenizer, each) for each in ids]
    specials = special_ids(tokenizer)
    special = [each in specials for each in ids]
    scheme = piece_scheme(tokenizer) or _spaced(raw)
    text, continues = readable(raw, special, scheme)
    if words and (scheme == "plain" or (scheme is None and not any(continues))):
        continues = tuple(
            not first and not own for first, own in zip(word_starts(words), special, strict=True)
        )
    elif words:
        within = (not first for first in word_starts(words))
        continues = tuple(map(all, zip(continues, within, strict=True)))
    return Tokens(text, tuple(raw), tuple(special), continues, tuple(segments or [0] * len(raw)))


def id_tokens(ids: Sequence[int]) -> Tokens:
    """Return Tokens that show the ids, for inputs whose tokenizer is unknown."""
    return Tokens.from_text([str(each) for each in ids])


def word_starts(words: Sequence[int | None]) -> list[bool]:
    """Return for each token whether it begins a word, given the word of each token."""
    return [
        place == 0 or word is None or word != words[place - 1] for place, word in enumerate(words)
    ]


def special_ids(tokenizer: Any) -> set[int]:
    """Return the ids of a tokenizer's special tokens, added ones such as <|im_start|> included.

    Masks and unknown words do not count, because they stand for a part of the text.
    """
    added = _added_tokens(tokenizer)
    named = getattr(tokenizer, "all_special_ids", None) or ()
    ids = {each for each, token in added.items() if getattr(token, "special", False)} | set(named)
    # Tokenizers outside of transformers have no masks.
    parts = (getattr(tokenizer, name, None) for name in ("mask_token_id", "unk_token_id"))
    return ids - set(parts)


def _added_tokens(tokenizer: Any) -> Mapping[int, Any]:
    """Return the tokens that were added to a tokenizer's vocabulary, none if it does not tell."""
    try:
        added = getattr(tokenizer, "added_tokens_decoder", {})
        added = added() if callable(added) else added
    except NotImplementedError:  # mistral-common's has the name, and nothing behind it
        return {}
    return added if isinstance(added, Mapping) else {}


def piece_scheme(tokenizer: Any) -> Scheme | None:
    """Return how a tokenizer's pieces mark words, None if the tokenizer does not tell."""
    backend = getattr(tokenizer, "backend_tokenizer", None)
    decoder = str(getattr(backend, "decoder", ""))
    return next((scheme for mention, scheme in DECODERS.items() if mention in decoder), None)


def _spaced(pieces: Sequence[str]) -> Scheme | None:
    """Return whether pieces begin words with a space, as those of mistral-common."""
    return "spaced" if any(piece.startswith(" ") and piece.strip() for piece in pieces) else None


def _piece(tokenizer: Any, token_id: int) -> str:
    piece = tokenizer.convert_ids_to_tokens(token_id)
    return piece if isinstance(piece, str) else f"<{token_id}>"
