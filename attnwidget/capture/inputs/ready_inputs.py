"""Inputs that are ready for the model, as a user passed them."""

from collections.abc import Mapping

import transformers
from torch import Tensor, nn

from attnwidget.capture.inputs.model_inputs import ModelInputs, ready_inputs
from attnwidget.capture.model.limits import check_length


def given_inputs(
    model: nn.Module, given: object, text_pair: str | None, batch_index: int | None
) -> ModelInputs:
    """Return what a model is called with for one entry of ready inputs.

    Raises
    ------
    ValueError
        They are no inputs of the model, or too long for it.
    IndexError
        The batch has no such entry.
    """
    if text_pair is not None:
        raise ValueError(
            "text_pair goes with a text; ready inputs already hold both texts of a pair."
        )
    if isinstance(given, Mapping):
        if not isinstance(model, transformers.PreTrainedModel):
            return ModelInputs(dict(given), entry=batch_index or 0)
        typed = hasattr(model.config, "type_vocab_size")
        inputs = ready_inputs(given, batch_index, typed=typed)
        check_length(model, inputs.length, "The sequence in input_ids")
        return inputs
    if isinstance(given, Tensor) and not isinstance(model, transformers.PreTrainedModel):
        return ModelInputs({"input": given}, positional=("input",), entry=batch_index or 0)
    raise ValueError(
        "text must be a string or a mapping of model inputs such as {'input_ids': ...}, but an "
        f"object of type {type(given).__name__} was given."
    )
