"""Texts, and the model inputs that a tokenizer makes of them."""

from dataclasses import replace
from typing import Any

from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.capture.inputs.ready_inputs import one_entry
from attnwidget.capture.model.loaded_model import LoadedModel


def encode(
    tokenizer: Any, text: str, text_pair: str | None, max_length: int | None = None
) -> ModelInputs:
    """Return the inputs for a text or a pair of texts, not padded.

    Parameters
    ----------
    tokenizer
        The tokenizer.
    text, text_pair
        The texts.
    max_length
        Most tokens; a longer text is cut where the tokenizer cuts texts, and a note says how much.
        None cuts nothing.

    Raises
    ------
    ValueError
        The text is empty, or the tokenizer has no form for pairs.
    """
    check_texts(text=text, text_pair=text_pair)
    if text_pair is not None and not has_pair_form(tokenizer):
        raise ValueError(
            f"{_name(tokenizer)} puts nothing between the texts of a pair, so the model could not "
            "tell them apart. Join them in one text."
        )
    texts = (text,) if text_pair is None else (text, text_pair)
    encoded = tokenizer(*texts, return_tensors="pt", truncation=False, padding=False)
    whole = encoded["input_ids"].shape[1]
    notes: tuple[str, ...] = ()
    if max_length is not None and whole > max_length:
        options = {"truncation": True, "max_length": max_length, "padding": False}
        encoded = tokenizer(*texts, return_tensors="pt", **options)
        kept = encoded["input_ids"].shape[1]
        side = "beginning" if tokenizer.truncation_side == "left" else "end"
        notes = (f"{whole - kept} of {whole} tokens were cut at the {side}: truncation",)
    if encoded["input_ids"].shape[1] == 0:
        raise ValueError(
            f"{_name(tokenizer)} turns {text!r} into no tokens at all. Pass a longer text."
        )
    return replace(one_entry(encoded, None), notes=notes)


def has_pair_form(tokenizer: Any) -> bool:
    """Return whether a tokenizer separates the two texts of a pair."""
    try:
        single, pair = (tokenizer.num_special_tokens_to_add(pair=each) for each in (False, True))
    except (AttributeError, NotImplementedError, TypeError, ValueError):
        return False  # tokenizers outside of transformers have no pairs
    return bool(pair > single)


def check_reads_text(model: LoadedModel) -> None:
    """Refuse a text for a model that reads images or sound.

    Raises
    ------
    ValueError
        The model reads images or sound; the message names the input to pass.
    """
    if model.class_name.endswith("ForMultipleChoice"):
        raise ValueError(
            f"{model.class_name} reads several choices at once, not one text. Pass what a "
            "tokenizer returns for the choices, with an axis before it: {'input_ids': ids[None]}."
        )
    reads = model.main_input
    if reads != "input_ids":
        raise ValueError(
            f"{model.class_name} reads {reads}, not text. Pass images= or audio=, or a mapping "
            f"such as {{{reads!r}: ...}}, which the model's processor makes of them."
        )


def check_texts(**texts: object) -> None:
    """Refuse texts that are no strings or are empty; None stands for a text that was left out.

    Raises
    ------
    ValueError
        A text is no string, or it is empty.
    """
    for name, given in texts.items():
        if given is None:
            continue
        if not isinstance(given, str):
            raise ValueError(
                f"{name} must be a string, but an object of type {type(given).__name__} was given."
            )
        if not given.strip():
            raise ValueError(f"{name} is empty. Pass at least one word.")


def _name(tokenizer: Any) -> str:
    return type(tokenizer).__name__
