"""The inputs that a decoder reads: a text that was given, or one that the model writes."""

from __future__ import annotations

from dataclasses import replace

import torch
import transformers
from torch import Tensor

from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.capture.inputs.text import check_texts
from attnwidget.capture.model.loaded_model import LoadedModel

MAX_NEW_TOKENS = 128
"""Most tokens that an encoder-decoder writes, unless the user names a number."""


def with_decoder_inputs(
    model: LoadedModel,
    inputs: ModelInputs,
    decoder_text: str | None,
    max_new_tokens: int,
) -> ModelInputs:
    """Return the inputs with the text that the decoder reads or the model writes.

    Parameters
    ----------
    model
        The model, in evaluation mode.
    inputs
        Inputs on the model's device.
    decoder_text
        Text for the decoder of an encoder-decoder; None lets the model write it.
    max_new_tokens
        Most tokens to write. 0 writes nothing, and in an encoder-decoder at most
        `MAX_NEW_TOKENS`.

    Raises
    ------
    ValueError
        The model has no decoder for the text, or has to write and has no language-model head.
    """
    if not model.is_pretrained:
        if decoder_text is not None or max_new_tokens:
            raise ValueError(
                "decoder_text and max_new_tokens need a transformers model, but the model is a "
                f"{model.class_name}. Pass what it reads among the inputs."
            )
        return inputs
    if model.is_encoder_decoder:
        return _for_encoder_decoder(model, inputs, decoder_text, max_new_tokens)
    if decoder_text is not None:
        raise ValueError(
            f"decoder_text is for encoder-decoder models, and {model.class_name} is a single "
            "stack. Put everything in text."
        )
    return _continued(model, inputs, max_new_tokens) if max_new_tokens else inputs


def _for_encoder_decoder(
    model: LoadedModel, inputs: ModelInputs, decoder_text: str | None, max_new_tokens: int
) -> ModelInputs:
    """Return the inputs of an encoder-decoder with those of its decoder.

    The decoder reads its start token and then the text without its end token: the tokens that it
    has read when it predicts the last word.
    """
    pretrained: transformers.PreTrainedModel = model.pretrained
    limits = model.limits("decoder")
    if decoder_text is not None:
        tokenizer = model.tokenizer() if inputs.tokenizer is None else inputs.tokenizer
        check_texts(decoder_text=decoder_text)
        ids = tokenizer(text_target=decoder_text, return_tensors="pt").input_ids
        ids = ids.to(pretrained.device)
        limits.check_length(ids.shape[1], "decoder_text")
        limits.check_ids(ids, "decoder_text")
    elif {"decoder_input_ids", "decoder_inputs_embeds"} & inputs.tensors.keys():
        return inputs
    else:
        most = (limits.positions or MAX_NEW_TOKENS + 1) - 1
        advice = "Pass decoder_text (or decoder_input_ids among ready inputs)"
        ids = _generated(model, inputs, min(max_new_tokens or MAX_NEW_TOKENS, most), advice)
    return inputs.adding(decoder_input_ids=_as_read(pretrained, ids))


def _continued(model: LoadedModel, inputs: ModelInputs, max_new_tokens: int) -> ModelInputs:
    """Return the inputs of a decoder, followed by the tokens that it writes greedily."""
    limits = model.limits("decoder")
    limits.check_length(inputs.length + max_new_tokens, "The text with max_new_tokens")
    ids = _generated(model, inputs, max_new_tokens, "Leave out max_new_tokens")
    written = ids.shape[1] - inputs.length
    mask = inputs.tensors.get("attention_mask")
    if mask is not None:
        mask = torch.cat([mask, mask.new_ones(1, written)], dim=1)
    by_token = {"input_ids", "attention_mask", "position_ids", "token_type_ids"}
    others = {name: each for name, each in inputs.tensors.items() if name not in by_token}
    masked = {} if mask is None else {"attention_mask": mask}
    segments = tuple(inputs.segments)
    segments += segments[-1:] * written
    # The words of the written tokens are unknown; their pieces will tell.
    tensors = {**others, "input_ids": ids, **masked}
    return replace(inputs, tensors=tensors, words=(), segments=segments)


def _generated(model: LoadedModel, inputs: ModelInputs, count: int, advice: str) -> Tensor:
    """Return the ids (1, n) of the tokens that the model writes greedily, `count` at most."""
    if not model.can_generate:
        raise ValueError(
            f"{model.class_name} cannot write text, because it has no language-model head. "
            f"{advice}, or load the model with its head, such as AutoModelForCausalLM or "
            "AutoModelForSeq2SeqLM."
        )
    pretrained: transformers.PreTrainedModel = model.pretrained
    ids = pretrained.generate(**inputs.tensors, max_new_tokens=count, do_sample=False, num_beams=1)
    assert isinstance(ids, Tensor)
    return ids


def _as_read(model: transformers.PreTrainedModel, ids: Tensor) -> Tensor:
    """Return the ids with the decoder's start token and without its end token."""
    start = _special_id(model, "decoder_start_token_id", "bos_token_id")
    if start is not None and (ids.shape[1] == 0 or int(ids[0, 0]) != start):
        ids = torch.cat([ids.new_full((1, 1), start), ids], dim=1)
    if ids.shape[1] > 1 and int(ids[0, -1]) == _special_id(model, "eos_token_id"):
        ids = ids[:, :-1]
    return ids


def _special_id(model: transformers.PreTrainedModel, *names: str) -> int | None:
    for name in names:
        for config in (model.generation_config, model.config):
            found = getattr(config, name, None)
            if isinstance(found, int):
                return found
    return None
