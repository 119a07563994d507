"""Kinds of tokens: those that can stand in each other's place."""

from typing import Any, TypeAlias

Kind: TypeAlias = tuple[str, str]
"""How a piece is joined to the one before it, and what it is made of."""

MARKS = ("##", "Ġ", "▁")
"""What pieces begin with that go on with a word (WordPiece) or begin one (all others)."""


def kind_of_piece(piece: str) -> Kind:
    """Return the kind of a piece of a vocabulary: its mark, and letters, digits or other signs."""
    mark = next((each for each in MARKS if piece.startswith(each)), "")
    text = piece[len(mark) :]
    made_of = "digits" if text.isdigit() else "letters" if text.isalpha() else "signs"
    return mark, made_of


def kind_of(tokenizer: Any, index: int) -> Kind:
    """Return the kind of a token of the vocabulary; without a tokenizer all are of one."""
    return ("", "") if tokenizer is None else kind_of_piece(tokenizer.convert_ids_to_tokens(index))
