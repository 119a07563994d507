"""From the arguments of `capture` to the inputs of a forward pass."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from attnwidget.capture.inputs.decoder_inputs import with_decoder_inputs
from attnwidget.capture.inputs.forward import accepted_inputs
from attnwidget.capture.inputs.generate import NOTHING, Writing
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.capture.inputs.ready_inputs import ready_inputs
from attnwidget.capture.inputs.text import check_reads_text, encode
from attnwidget.capture.model.loaded_model import LoadedModel
from attnwidget.capture.model.placement import placement


def prepare_inputs(
    model: LoadedModel,
    text: str | Mapping[str, Any],
    text_pair: str | None = None,
    *,
    tokenizer: Any = None,
    decoder_text: str | None = None,
    batch_index: int | None = None,
    writing: Writing = NOTHING,
) -> ModelInputs:
    """Return the inputs that a model reads, on its device; the model may have to write some.

    Parameters
    ----------
    model
        The model, in evaluation mode.
    text, text_pair, tokenizer, decoder_text, batch_index
        As `capture` takes them.
    writing
        How much the model writes, and how.

    Raises
    ------
    ValueError
        The inputs do not fit the model; the message says what to do.
    IndexError
        The batch has no such entry.
    """
    device, dtype = placement(model.module)
    if isinstance(text, str):
        check_reads_text(model)
        tokenizer = model.tokenizer() if tokenizer is None else tokenizer
        inputs = accepted_inputs(model, encode(tokenizer, text, text_pair))
        model.limits(tokenizer=tokenizer).check_length(inputs.length, "The text")
    else:
        inputs = ready_inputs(model, text, text_pair, batch_index)
    if "pixel_values" not in inputs.tensors:
        # The ids that stand for an image may lie beyond those of words.
        model.limits().check_ids(inputs.tensors.get("input_ids"), "The text")
    inputs = replace(inputs, tokenizer=tokenizer).to(device, dtype)
    return with_decoder_inputs(model, inputs, decoder_text, writing)
