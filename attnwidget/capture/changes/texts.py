"""The text of an input, and the inputs of another text in its place."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Any

import torch
from torch import Tensor

from attnwidget.capture.attention.capture_attention import CapturedAttention, capture_attention
from attnwidget.capture.changes.token_ids import fixed_in, input_of
from attnwidget.capture.gradients.rerun import Rerun
from attnwidget.capture.inputs.given import Given
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.capture.inputs.prepare_inputs import prepare_inputs
from attnwidget.capture.inputs.text import check_reads_text
from attnwidget.capture.model.model_state import evaluation_mode
from attnwidget.trace.editing import Editing

FROM_TOKENIZERS = frozenset(
    {"input_ids", "attention_mask", "token_type_ids", "special_tokens_mask"}
    | {"decoder_input_ids", "decoder_attention_mask", "position_ids"}
)
"""Inputs that a tokenizer makes of a text, and the model after it."""

MOST_FRAMES = 8
"""Most special tokens at either end of a text that a tokenizer may have put there."""


def editing_of(rerun: Rerun) -> Editing:
    """Return what of an input can be edited; see `Reruns.editing`."""
    refused: dict[str, str | None] = {}
    for group in rerun.groups:
        try:
            input_of(rerun, group.name)
            refused[group.name] = _cut_before(rerun)
        except ValueError as error:
            refused[group.name] = str(error)
    possible = [name for name, why in refused.items() if why is None]
    no_text = _refusal(rerun)
    tokenizer = rerun.inputs.tokenizer
    mask = None if tokenizer is None else getattr(tokenizer, "mask_token", None)
    return Editing(
        () if no_text else _texts_or_blank(rerun),
        no_text,
        None if mask is None else str(mask),
        refused,
        {name: tuple(sorted(fixed_in(rerun, name))) for name in possible},
    )


def captured_text(rerun: Rerun, texts: Sequence[str]) -> tuple[ModelInputs, CapturedAttention]:
    """Run a model on another text, and return its inputs and what was captured.

    Raises
    ------
    ValueError
        The input is no text, its tokenizer is not known, or the text cannot be read.
    """
    refused = _refusal(rerun)
    if refused is not None:
        raise ValueError(refused)
    model, inputs, strategy = rerun.model, rerun.inputs, rerun.strategy
    given = Given(
        text=texts[0],
        text_pair=texts[1] if len(texts) > 1 else None,
        tokenizer=inputs.tokenizer,
        decoder_text=inputs.decoder_text,
        silence=inputs.silence,
    )
    modules = strategy.keywords["pattern"] if isinstance(strategy, partial) else None
    with torch.no_grad(), evaluation_mode(model.module):
        made = prepare_inputs(model, given)
        (captured,) = capture_attention(model, made, [None], modules)
    return made, captured


def _texts_or_blank(rerun: Rerun) -> tuple[str, ...]:
    """Return the text of an input; an empty one where a tokenizer makes no texts of ids."""
    try:
        return texts_of(rerun)
    except (AttributeError, KeyError, NotImplementedError, TypeError, ValueError):
        return ("",)


def texts_of(rerun: Rerun) -> tuple[str, ...]:
    """Return the text of an input, or both of a pair, as a tokenizer reads them again.

    Where no text gives the same tokens, it is the one that they are decoded to.
    """
    inputs, tokenizer = rerun.inputs, rerun.inputs.tokenizer
    ids = inputs.ids("input_ids") or []
    ids = ids[rerun.groups[0].columns] if len(ids) == rerun.groups[0].lengths[1] else ids
    candidates = [inputs.texts] if inputs.texts else []
    if len(set(inputs.segments)) > 1 and len(inputs.segments) == len(ids):
        candidates.append(_decoded_pair(tokenizer, ids, inputs.segments))
    else:
        candidates += [(text,) for text in _decoded(tokenizer, ids)]
    for texts in candidates:
        if all(texts) and list(tokenizer(*texts)["input_ids"]) == ids:
            return texts
    return candidates[-1]


def _decoded(tokenizer: Any, ids: list[int]) -> Iterator[str]:
    """Yield texts of ids, with fewer and fewer of the special tokens that frame them."""
    first, last = _frames(tokenizer, ids)
    for before in range(first + 1):
        for after in range(last + 1):
            yield _text(tokenizer, ids[before : len(ids) - after])


def _decoded_pair(tokenizer: Any, ids: list[int], segments: Sequence[int]) -> tuple[str, ...]:
    split = list(segments).index(1)
    parts = []
    for part in (ids[:split], ids[split:]):
        first, last = _frames(tokenizer, part)
        parts.append(_text(tokenizer, part[first : len(part) - last]))
    return tuple(parts)


def _frames(tokenizer: Any, ids: list[int]) -> tuple[int, int]:
    """Return how many ids at either end are special tokens, masks left out."""
    special = set(tokenizer.all_special_ids) - {getattr(tokenizer, "mask_token_id", None)}
    inner = [at for at, each in enumerate(ids) if each not in special]
    if not inner:
        return 0, 0
    return min(inner[0], MOST_FRAMES), min(len(ids) - 1 - inner[-1], MOST_FRAMES)


def _text(tokenizer: Any, ids: list[int]) -> str:
    return str(tokenizer.decode(ids, clean_up_tokenization_spaces=False))


def _refusal(rerun: Rerun) -> str | None:
    """Return in words why an input cannot be edited as a text."""
    tensors = rerun.inputs.tensors
    try:
        check_reads_text(rerun.model)
    except ValueError as error:
        return str(error)
    others = [
        name
        for name, each in tensors.items()
        if isinstance(each, Tensor) and name not in FROM_TOKENIZERS
    ]
    if others or "input_ids" not in tensors:
        named = ", ".join(others) or "no token ids"
        return (
            f"The input of {rerun.model.class_name} is more than a text, with {named}. Capture it "
            "again with what is to be different."
        )
    if rerun.inputs.tokenizer is None:
        return (
            "No tokenizer is known that could read another text. Capture with tokenizer=, or pass "
            "a text instead of ready inputs."
        )
    return _cut_before(rerun)


def _cut_before(rerun: Rerun) -> str | None:
    """Return in words why the input of a run that was cut cannot be edited."""
    if not rerun.cuts:
        return None
    return (
        "This is a run that was cut. Edit the trace without cuts, and cut the result with "
        "attnwidget.knockout."
    )
