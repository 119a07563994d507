"""The index of a token or class that a target names by its text."""

from typing import Any

from attnwidget.capture.model.loaded_model import LoadedModel
from attnwidget.trace.predictions import Unit


def index_of(text: str, model: LoadedModel, tokenizer: Any, unit: Unit = "token") -> int:
    """Return the index of a class by its label, or of a token by its text.

    Parameters
    ----------
    text
        A label of the model's config; or a text that is one token, or the piece of a tokenizer.
    model
        The model.
    tokenizer
        The tokenizer of the input, None if there is none.
    unit
        Kind of what the model predicts.

    Raises
    ------
    ValueError
        There is no such class, the text is several tokens, or no tokenizer is known.
    """
    labels = getattr(model.config, "label2id", None) or {}
    if text in labels:
        return int(labels[text])
    if tokenizer is None or unit == "class":
        classes = ", ".join(map(repr, list(labels)[:20])) or "none"
        raise ValueError(
            f"The target names {text!r}, which is no class of the model (it names {classes})"
            + ("" if unit == "class" else ", and no tokenizer is known that could tell its index")
            + ". Pass one of them, or an index."
        )
    vocabulary = tokenizer.get_vocab()
    if text in vocabulary:
        return int(vocabulary[text])
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    if len(ids) != 1:
        pieces = ", ".join(map(repr, map(str, tokenizer.convert_ids_to_tokens(ids))))
        raise ValueError(
            f"The target names {text!r}, which is {len(ids)} tokens: {pieces}. Name one of them, "
            "or pass an index."
        )
    if ids[0] == getattr(tokenizer, "unk_token_id", None):
        raise ValueError(f"The target names {text!r}, which the tokenizer does not know.")
    return int(ids[0])
