"""Tokenizers as people hold them."""

from __future__ import annotations

from typing import Any

from attnwidget.capture.model.library import library


def as_tokenizer(given: Any, *, optional: bool = False) -> Any:
    """Return a tokenizer of transformers.

    Parameters
    ----------
    given
        A tokenizer of transformers, a processor that holds one, or a tokenizer of the library
        tokenizers; None stays None.
    optional
        True returns None for anything else.

    Raises
    ------
    ValueError
        It is none of these, and is not optional.
    """
    if given is None or is_tokenizer(given):
        return given
    held = getattr(given, "tokenizer", None)
    if is_tokenizer(held):
        return held
    if type(given).__module__.partition(".")[0] == "tokenizers" and hasattr(given, "to_str"):
        return library().PreTrainedTokenizerFast(tokenizer_object=given)
    if optional:
        return None
    raise ValueError(
        f"tokenizer must be a tokenizer of transformers, but an object of type "
        f"{type(given).__name__} was given. Pass AutoTokenizer.from_pretrained(…), or encode the "
        "text and pass the ids, {'input_ids': [[…]]}, with tokens= as their names."
    )


def is_tokenizer(given: Any) -> bool:
    """Return whether a value is a tokenizer of transformers, or of a library that follows it."""
    is_object = callable(given) and not isinstance(given, type)
    return is_object and hasattr(given, "convert_ids_to_tokens")
