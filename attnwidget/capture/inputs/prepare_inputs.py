"""From the arguments of `capture` to the inputs of a forward pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from attnwidget.capture.inputs.decoder_inputs import with_decoder_inputs
from attnwidget.capture.inputs.forward import accepted_inputs
from attnwidget.capture.inputs.generate import NOTHING, Writing
from attnwidget.capture.inputs.given import Given
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.capture.inputs.processing import has_template, processed, templated
from attnwidget.capture.inputs.ready_inputs import ready_inputs
from attnwidget.capture.inputs.text import check_reads_text, check_texts, encode
from attnwidget.capture.inputs.tokenizers import as_tokenizer
from attnwidget.capture.model.loaded_model import LoadedModel
from attnwidget.capture.model.placement import placement


def prepare_inputs(model: LoadedModel, given: Given, writing: Writing = NOTHING) -> ModelInputs:
    """Return the inputs that a model reads, on its device; the model may have to write some.

    Parameters
    ----------
    model
        The model, in evaluation mode.
    given
        The input as the user passed it.
    writing
        How much the model writes, and how.

    Raises
    ------
    ValueError
        The inputs do not fit the model; the message says what to do.
    IndexError
        The batch has no such entry.
    """
    given = given.understood(model)
    tokenizer = as_tokenizer(given.tokenizer)
    if given.is_processed:
        inputs, tokenizer = _processed(model, given, tokenizer)
    elif isinstance(given.text, str):
        check_reads_text(model)
        tokenizer = as_tokenizer(model.tokenizer()) if tokenizer is None else tokenizer
        limits = model.limits(tokenizer=tokenizer)
        length = limits.positions if given.truncation is True else given.truncation or None
        encoded = encode(tokenizer, given.text, given.text_pair, length)
        inputs = accepted_inputs(model, encoded)
        limits.check_length(inputs.length, "The text")
        texts = (given.text,) if given.text_pair is None else (given.text, given.text_pair)
        inputs = replace(inputs, texts=texts, decoder_text=given.decoder_text)
    else:
        inputs = ready_inputs(model, given.text, given.text_pair, given.batch_index)
    if "pixel_values" not in inputs.tensors:
        # The ids that stand for an image may lie beyond those of words.
        model.limits().check_ids(inputs.tensors.get("input_ids"), "The text")
    inputs = replace(inputs, tokenizer=tokenizer, silence=given.silence).to(
        *placement(model.module)
    )
    return with_decoder_inputs(model, inputs, given.decoder_text, writing)


def _processed(model: LoadedModel, given: Given, tokenizer: Any) -> tuple[ModelInputs, Any]:
    """Return the inputs made of messages, images or a sound, and the tokenizer of their ids."""
    text = given.text
    if given.text_pair is not None or isinstance(text, Mapping):
        raise ValueError(
            "images, audio and messages go with one text. Put text_pair in it; ready inputs "
            "already hold what a processor made."
        )
    if given.messages is not None:
        if text is not None or given.images is not None or given.audio is not None:
            raise ValueError(
                "messages hold the whole conversation, so text, images and audio go into their "
                'content: {"type": "image", "image": …} and {"type": "text", "text": …}.'
            )
        maker = given.processor or _with_template(model, tokenizer)
        made = templated(maker, given.messages)
    else:
        if text is not None:
            check_texts(text=text)
        maker = given.processor or model.processor()
        made = processed(maker, text, given.images, given.audio)
    if tokenizer is None:
        tokenizer = as_tokenizer(maker, optional=True)
    inputs = ready_inputs(model, made, None, given.batch_index)
    known = {name: each for name, each in inputs.tensors.items() if model.accepts(name)}
    if model.main_input not in known and "input_ids" not in known:
        raise ValueError(
            f"{model.class_name} reads {model.main_input}, but {type(maker).__name__} made "
            f"{', '.join(inputs.tensors)}. Pass what the model reads, with the processor that was "
            "saved with it."
        )
    return replace(inputs, tensors=known), tokenizer


def _with_template(model: LoadedModel, tokenizer: Any) -> Any:
    """Return what has the chat template: the tokenizer, or a processor of several inputs."""
    tokenizer = model.tokenizer() if tokenizer is None else tokenizer
    return tokenizer if has_template(tokenizer) else model.processor(tokenizer)
