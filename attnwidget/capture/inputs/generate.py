"""What a decoder reads: a text that was given, or what the model writes itself."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import torch
import transformers
from torch import Tensor

from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.capture.inputs.text import check_texts
from attnwidget.capture.model.limits import check_ids, check_length, position_limit

MAX_NEW_TOKENS = 128
"""How much an encoder-decoder writes at most, where the user does not say it."""


def continued(
    model: transformers.PreTrainedModel, inputs: ModelInputs, max_new_tokens: int
) -> ModelInputs:
    """Return the inputs of a decoder, and after them what it writes greedily.

    Raises
    ------
    ValueError
        The model has no language-model head.
    """
    given = inputs.length
    check_length(model, given + max_new_tokens, "The text with max_new_tokens", side="decoder")
    ids = _generated(model, inputs, max_new_tokens, "Leave out max_new_tokens")
    written = ids.shape[1] - given
    mask = inputs.tensors.get("attention_mask")
    if mask is not None:
        mask = torch.cat([mask, mask.new_ones(1, written)], dim=1)
    by_token = {"input_ids", "attention_mask", "position_ids", "token_type_ids"}
    kept = {name: each for name, each in inputs.tensors.items() if name not in by_token}
    masked = {} if mask is None else {"attention_mask": mask}
    segments = tuple(inputs.segments)
    segments += segments[-1:] * written
    # The words of what was written are unknown: its pieces will tell.
    tensors = {**kept, "input_ids": ids, **masked}
    return replace(inputs, tensors=tensors, words=(), segments=segments)


def with_decoder_inputs(
    model: transformers.PreTrainedModel,
    inputs: ModelInputs,
    tokenizer: Any,
    decoder_text: str | None,
    max_new_tokens: int,
) -> ModelInputs:
    """Return the inputs of an encoder-decoder with those of its decoder.

    The decoder reads its start token and then the text, without the token that ends it: what it
    has read when it predicts the last word.

    Parameters
    ----------
    tokenizer
        Needed for `decoder_text` only.
    decoder_text
        What the decoder reads; None lets the model write it.
    max_new_tokens
        How much it writes at most; 0 for a moderate number.

    Raises
    ------
    ValueError
        The model is to write and has no language-model head.
    """
    if decoder_text is not None:
        check_texts(decoder_text=decoder_text)
        ids = tokenizer(text_target=decoder_text, return_tensors="pt").input_ids.to(model.device)
        check_length(model, ids.shape[1], "decoder_text", side="decoder")
        check_ids(model, ids, "decoder_text", side="decoder")
    elif {"decoder_input_ids", "decoder_inputs_embeds"} & inputs.tensors.keys():
        return inputs
    else:
        limit = position_limit(model, "decoder") or MAX_NEW_TOKENS + 1
        count = min(max_new_tokens or MAX_NEW_TOKENS, limit - 1)
        advice = "Pass decoder_text (or decoder_input_ids among ready inputs)"
        ids = _generated(model, inputs, count, advice)
    return inputs.adding(decoder_input_ids=_as_read(model, ids))


def _generated(
    model: transformers.PreTrainedModel, inputs: ModelInputs, count: int, advice: str
) -> Tensor:
    if not model.can_generate():
        raise ValueError(
            f"{type(model).__name__} cannot write text, because it has no language-model head. "
            f"{advice}, or load the model with its head, such as AutoModelForCausalLM or "
            "AutoModelForSeq2SeqLM."
        )
    ids = model.generate(**inputs.tensors, max_new_tokens=count, do_sample=False, num_beams=1)
    assert isinstance(ids, Tensor)
    return ids


def _as_read(model: transformers.PreTrainedModel, ids: Tensor) -> Tensor:
    start = _token(model, "decoder_start_token_id", "bos_token_id")
    if start is not None and (ids.shape[1] == 0 or int(ids[0, 0]) != start):
        ids = torch.cat([ids.new_full((1, 1), start), ids], dim=1)
    if ids.shape[1] > 1 and int(ids[0, -1]) == _token(model, "eos_token_id"):
        ids = ids[:, :-1]
    return ids


def _token(model: transformers.PreTrainedModel, *names: str) -> int | None:
    for name in names:
        for config in (model.generation_config, model.config):
            found = getattr(config, name, None)
            if isinstance(found, int):
                return found
    return None
