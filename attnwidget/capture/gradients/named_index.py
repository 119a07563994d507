"""The index of a token or class that a target names by its text."""

from typing import Any

from attnwidget.capture.model.loaded_model import LoadedModel
from attnwidget.trace.predictions import Unit


def index_of(
    text: str,
    model: LoadedModel,
    tokenizer: Any,
    unit: Unit = "token",
    who: str = "The target",
) -> int:
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
    who
        What names the text, for errors.

    Raises
    ------
    ValueError
        No class or several have this label, the text is no token or several, or no tokenizer is
        known.
    """
    if unit == "class":
        return _class(text, model)
    if tokenizer is None:
        raise ValueError(
            f"{who} names {text!r}, and no tokenizer is known that could tell its index. Pass "
            "an index, or capture with tokenizer=."
        )
    vocabulary = tokenizer.get_vocab()
    if text in vocabulary:
        return int(vocabulary[text])
    ids = tokenizer(text, add_special_tokens=False)["input_ids"]
    if len(ids) != 1:
        pieces = ", ".join(map(repr, map(str, tokenizer.convert_ids_to_tokens(ids))))
        raise ValueError(
            f"{who} names {text!r}, which is {len(ids)} tokens: {pieces}. Name one of them, "
            "or pass an index."
        )
    if ids[0] == getattr(tokenizer, "unk_token_id", None):
        raise ValueError(
            f"{who} names {text!r}, which the tokenizer does not know. Name a token of its "
            "vocabulary, or pass an index."
        )
    return int(ids[0])


def _class(text: str, model: LoadedModel) -> int:
    """Return the index of a class by the label that predictions show."""
    labels = model.labels
    other_names = getattr(model.config, "label2id", None) or {}
    found = [index for index, label in labels.items() if label == text]
    if not found and text in other_names:
        found = [other_names[text]]
    if len(found) == 1:
        return int(found[0])
    if found:
        raise ValueError(
            f"The target names {text!r}, which is the label of the classes "
            f"{', '.join(map(str, found))}. Pass one of these indices."
        )
    classes = ", ".join(map(repr, list(labels.values())[:20])) or "none"
    raise ValueError(
        f"The target names {text!r}, which is no class of the model (it names {classes}). Pass one "
        "of them, or an index."
    )
