"""One forward pass."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any, cast

from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.capture.model.loaded_model import LoadedModel

DECODER_INPUTS = {"decoder_input_ids", "decoder_inputs_embeds", "labels"}
"""Names of the inputs that tell an encoder-decoder what its decoder reads."""


def forward(model: LoadedModel, inputs: ModelInputs) -> Any:
    """Run a model once, without a cache of keys and values, and return its output.

    Raises
    ------
    ValueError
        The forward pass does not take these inputs.
    """
    wanted = {"use_cache": False, "return_dict": True}
    known = {name: value for name, value in wanted.items() if model.accepts(name)}
    by_name = {**known, **inputs.tensors}
    by_position = [by_name.pop(name) for name in inputs.positional]
    signature = model.signature
    try:
        signature.bind(*by_position, **by_name)
    except TypeError as error:
        raise ValueError(
            f"{model.class_name} does not take these inputs: {error}. It takes "
            f"{', '.join(signature.parameters)}."
        ) from error
    try:
        return _tower(model, inputs)(*by_position, **by_name)
    except ValueError as error:
        if model.is_encoder_decoder and not DECODER_INPUTS & inputs.tensors.keys():
            raise ValueError(
                f"{model.class_name} cannot write text, because it has no language-model head. "
                "Pass decoder_text (or decoder_input_ids among ready inputs), or load the model "
                "with its head, such as AutoModelForSeq2SeqLM."
            ) from error
        raise


def _tower(model: LoadedModel, inputs: ModelInputs) -> Callable[..., Any]:
    """Return the function that runs the model: of two towers only the one with an input."""
    towers = {"pixel_values": "get_text_features", "input_ids": "get_image_features"}
    if all(hasattr(model.module, features) for features in towers.values()):
        for absent, features in towers.items():
            if absent not in inputs.tensors:
                return cast("Callable[..., Any]", getattr(model.module, features))
    return model.module


def batch_size(model: LoadedModel, inputs: ModelInputs) -> int:
    """Return the number of entries that a model gets.

    A transformers model gets the traced entry alone, unless a whole batch is captured; its images
    may be several.
    """
    return inputs.size if model.is_pretrained else inputs.entries or 1


def accepted_inputs(model: LoadedModel, inputs: ModelInputs) -> ModelInputs:
    """Return the outputs of a tokenizer that the forward pass accepts.

    A module without a parameter ``input_ids`` gets the ids as its first argument.
    """
    if not model.accepts("input_ids"):
        ids = {"input_ids": inputs.tensors["input_ids"]}
        return replace(inputs, tensors=ids, positional=("input_ids",))
    known = {name: each for name, each in inputs.tensors.items() if model.accepts(name)}
    return replace(inputs, tensors=known)
