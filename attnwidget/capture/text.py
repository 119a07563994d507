"""Text, turned into model inputs."""

from typing import Any

from torch import nn
from transformers import PreTrainedModel

from attnwidget.capture.inputs import ModelInputs

TABLES = ("max_position_embeddings", "n_positions", "max_target_positions")
"""Where configs say how many positions a model has."""


def encode(tokenizer: Any, text: str, text_pair: str | None) -> ModelInputs:
    """Return the inputs for a text or a pair of texts, neither padded nor cut.

    Raises
    ------
    ValueError
        The text is empty, or the tokenizer has no form for pairs.
    """
    _check_texts(text, text_pair)
    if text_pair is not None and not has_pair_form(tokenizer):
        raise ValueError(
            f"{_name(tokenizer)} puts nothing between the texts of a pair, so the model could not "
            "tell them apart. Join them in one text."
        )
    encoded = tokenizer(text, text_pair, return_tensors="pt", truncation=False, padding=False)
    if encoded["input_ids"].shape[1] == 0:
        raise ValueError(
            f"{_name(tokenizer)} turns {text!r} into no tokens at all. Pass a longer text."
        )
    fast = tokenizer.is_fast
    pair_ids = encoded.sequence_ids(0) if fast else encoded.get("token_type_ids", [[]])[0]
    return ModelInputs(
        dict(encoded),
        words=encoded.word_ids(0) if fast else (),
        segments=closed_segments(pair_ids) if text_pair is not None else (),
    )


def closed_segments(segments: Any) -> list[int]:
    """Return the segment of each token; one that has none (None) closes the text before it."""
    closed: list[int] = []
    for segment in segments:
        closed.append(int(segment) if segment is not None else (closed[-1] if closed else 0))
    return closed


def has_pair_form(tokenizer: Any) -> bool:
    """Return whether a tokenizer separates the two texts of a pair."""
    single, pair = (tokenizer.num_special_tokens_to_add(pair=each) for each in (False, True))
    return bool(pair > single)


def check_reads_text(model: nn.Module) -> None:
    """Refuse a text for a model that reads something else.

    Raises
    ------
    ValueError
        The model reads images or sound; the message names the input to pass.
    """
    reads = getattr(model, "main_input_name", "input_ids")
    if reads != "input_ids":
        raise ValueError(
            f"{type(model).__name__} reads {reads}, not text. Pass a mapping such as "
            f"{{{reads!r}: ...}}, which the model's processor makes of an image or a sound."
        )


def check_length(
    model: nn.Module, length: int, *, tokenizer: Any = None, what: str = "The text"
) -> None:
    """Refuse more tokens than a model has positions for.

    Raises
    ------
    ValueError
        There are too many; the message says how many, and how many would do.
    """
    if not isinstance(model, PreTrainedModel):
        return
    config = model.config.get_text_config()
    limits = [limit for table in TABLES if isinstance(limit := getattr(config, table, None), int)]
    limits = [limit for limit in limits if limit > 0]
    if not limits:
        return
    # RoBERTa's table is longer than the texts it takes, and its tokenizer knows.
    limit = min([max(limits), *([tokenizer.model_max_length] if tokenizer is not None else [])])
    if length > limit:
        raise ValueError(
            f"{what} is {length} tokens long, but {type(model).__name__} takes at most {limit}. "
            f"Pass a shorter one: its first {limit} tokens, or a part of it."
        )


def _check_texts(text: object, text_pair: object) -> None:
    for name, given in (("text", text), ("text_pair", text_pair)):
        if given is None and name == "text_pair":
            continue
        if not isinstance(given, str):
            raise ValueError(
                f"{name} must be a string, or text a mapping of model inputs such as "
                f"{{'input_ids': ...}}, but an object of type {type(given).__name__} was given."
            )
        if not given.strip():
            raise ValueError(f"{name} is empty. Pass at least one word.")


def _name(tokenizer: Any) -> str:
    return type(tokenizer).__name__
