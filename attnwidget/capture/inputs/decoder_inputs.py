"""The inputs that a decoder reads: a text that was given, or one that the model writes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from attnwidget.capture.inputs.continuation import continued
from attnwidget.capture.inputs.forward import DECODER_INPUTS
from attnwidget.capture.inputs.generate import Writing, generated
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.capture.inputs.reading import Reading
from attnwidget.capture.inputs.text import check_texts
from attnwidget.capture.model.loaded_model import LoadedModel

if TYPE_CHECKING:
    import transformers

MAX_NEW_TOKENS = 128
"""Most tokens that an encoder-decoder writes, unless the user names a number."""


def with_decoder_inputs(
    model: LoadedModel, inputs: ModelInputs, decoder_text: str | None, writing: Writing
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
    writing
        What is written. Without a number of tokens a decoder writes nothing, and an
        encoder-decoder at most `MAX_NEW_TOKENS`.

    Raises
    ------
    ValueError
        The model has no decoder for the text, or has to write and has no language-model head.
    """
    if not model.is_pretrained:
        if decoder_text is not None or writing.is_asked_for:
            raise ValueError(
                "decoder_text and max_new_tokens need a transformers model, but the model is a "
                f"{model.class_name}. Pass what it reads among the inputs."
            )
        return inputs
    if model.is_encoder_decoder:
        return _for_encoder_decoder(model, inputs, decoder_text, writing)
    if decoder_text is not None:
        raise ValueError(
            f"decoder_text is for encoder-decoder models, and {model.class_name} is a single "
            "stack. Put everything in text."
        )
    if writing.is_asked_for and not writing.max_new_tokens:
        raise ValueError(
            "seed and the options of generate say how the model writes, but it writes nothing. "
            "Pass max_new_tokens too, or leave them out."
        )
    return continued(model, inputs, writing) if writing.max_new_tokens else inputs


def _for_encoder_decoder(
    model: LoadedModel, inputs: ModelInputs, decoder_text: str | None, writing: Writing
) -> ModelInputs:
    """Return the inputs of an encoder-decoder with those of its decoder."""
    pretrained: transformers.PreTrainedModel = model.pretrained
    limits = model.limits("decoder")
    if decoder_text is not None:
        if writing.options or writing.seed is not None:
            raise ValueError(
                "seed and the options of generate say how the model writes, but decoder_text is "
                "given. Leave one of them out."
            )
        tokenizer = model.tokenizer() if inputs.tokenizer is None else inputs.tokenizer
        check_texts(decoder_text=decoder_text)
        ids = tokenizer(text_target=decoder_text, return_tensors="pt").input_ids
        ids = ids.to(pretrained.device)
        limits.check_length(ids.shape[1], "decoder_text")
        limits.check_ids(ids, "decoder_text")
        return inputs.adding(decoder_input_ids=_as_taught(pretrained, ids))
    has_own = DECODER_INPUTS & inputs.tensors.keys()
    if has_own or (not model.can_generate and not writing.is_asked_for):
        return inputs
    most = (limits.positions or MAX_NEW_TOKENS + 1) - 1
    count = min(writing.max_new_tokens or MAX_NEW_TOKENS, most)
    advice = "Pass decoder_text (or decoder_input_ids among ready inputs)"
    ids, read = generated(model, inputs, writing, count, advice)
    ends = _ends(pretrained)
    if read.ids is None or len(read.ids) != 1:
        return _written(inputs, pretrained, writing, _as_read(pretrained, ids), read)
    # The last token was written and not read; it is shown too, unless it is the end.
    shown = read.ids
    tail = ids[:, -1:]
    if ids.shape[1] > 1 and torch.equal(shown[:, -1], ids[:, -2]) and int(tail) not in ends:
        shown = torch.cat([shown, tail.to(shown)], dim=1)
    return _written(inputs, pretrained, writing, shown, read)


def _written(
    inputs: ModelInputs,
    model: transformers.PreTrainedModel,
    writing: Writing,
    ids: Tensor,
    read: Reading,
) -> ModelInputs:
    """Return the inputs with what a decoder wrote after what it was made to begin with."""
    whole = inputs.adding(decoder_input_ids=ids)
    start = read.start
    if start is None or not torch.equal(ids[0, : start.shape[1]], start[0].to(ids)):
        return whole
    first = start.shape[1]
    forced = {**vars(_configs(model)[0] or model.config), **writing.options}
    is_forced = forced.get("forced_bos_token_id") == (ids[0, 1:2].tolist() or [None])[0]
    if first == 1 and is_forced:
        first = 2
    return whole if first >= ids.shape[1] else replace(whole, written=first)


def _as_taught(model: transformers.PreTrainedModel, ids: Tensor) -> Tensor:
    """Return what the decoder reads when it is taught a text: the ids, shifted by one.

    A text that ends in a language code is shifted by the model itself, which knows where the code
    belongs.
    """
    shift = getattr(model, "prepare_decoder_input_ids_from_labels", None)
    ends = _ends(model)
    if callable(shift) and int(ids[0, -1]) not in ends and ends & set(ids[0, -2:-1].tolist()):
        shifted: Tensor = shift(labels=ids)
        return shifted
    return _as_read(model, ids)


def _as_read(model: transformers.PreTrainedModel, ids: Tensor) -> Tensor:
    """Return the ids with the decoder's start token and without its end token."""
    start = _special_id(model, "decoder_start_token_id", "bos_token_id")
    if start is not None and (ids.shape[1] == 0 or int(ids[0, 0]) != start):
        ids = torch.cat([ids.new_full((1, 1), start), ids], dim=1)
    if ids.shape[1] > 1 and int(ids[0, -1]) in _ends(model):
        ids = ids[:, :-1]
    return ids


def _ends(model: transformers.PreTrainedModel) -> set[int]:
    """Return the ids that end a text."""
    for config in _configs(model):
        found = getattr(config, "eos_token_id", None)
        if found is not None:
            return set(found) if isinstance(found, (list, tuple)) else {int(found)}
    return set()


def _configs(model: transformers.PreTrainedModel) -> tuple[object, object]:
    return getattr(model, "generation_config", None), model.config


def _special_id(model: transformers.PreTrainedModel, *names: str) -> int | None:
    for name in names:
        for config in _configs(model):
            found = getattr(config, name, None)
            if isinstance(found, int):
                return found
    return None
