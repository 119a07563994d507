"""From a model and a batch to a Trace of each entry."""

import os
from collections.abc import Mapping
from typing import Any

import torch
import transformers
from torch import Tensor, nn

from attnwidget.capture.assemble.stack_tokens import Sides
from attnwidget.capture.attention.capture_attention import attention_layers
from attnwidget.capture.build_trace import traced
from attnwidget.capture.capture import capture
from attnwidget.capture.inputs.arguments import check_arguments
from attnwidget.capture.inputs.model_inputs import ModelInputs, whole_batch
from attnwidget.capture.inputs.ready_inputs import given_inputs
from attnwidget.capture.model.limits import check_ids
from attnwidget.capture.model.loading import load
from attnwidget.capture.model.model_state import evaluating
from attnwidget.capture.model.placement import placement
from attnwidget.trace.trace import Trace

DECODER_INPUTS = ("decoder_input_ids", "decoder_inputs_embeds", "labels")


def capture_batch(
    model: str | os.PathLike[str] | nn.Module,
    batch: Mapping[str, Any] | Tensor,
    *,
    modules: str | None = None,
) -> list[Trace]:
    """Run a model once on a batch and keep what the attention of every entry was made of.

    An encoder-decoder that is not told what its decoder reads writes it, and then runs once for
    each entry.

    Parameters
    ----------
    model
        As `capture` takes it.
    batch
        Ready model inputs, the batch on the first axis. A torch module also takes one tensor.
    modules
        As `capture` takes it.

    Returns
    -------
    list of Trace
        One for each entry, without its padding.

    Raises
    ------
    ValueError
        As `capture`.
    """
    check_arguments(modules=modules)
    if not isinstance(batch, (Mapping, Tensor)):
        raise ValueError(
            "batch must be a mapping of model inputs such as {'input_ids': ...}, but an object of "
            f"type {type(batch).__name__} was given. Pass what a tokenizer returns for a list of "
            "texts, with padding=True and return_tensors='pt'."
        )
    source = load(model)
    runner = source.model
    whole = whole_batch(batch)
    if isinstance(batch, Mapping) and _writes(runner, whole):
        return [
            capture(runner, batch, batch_index=entry, modules=modules)
            for entry in range(whole.size)
        ]
    check_ids(runner, whole.tensors.get("input_ids"), "The batch")
    device, dtype = placement(runner)
    each = [given_inputs(runner, batch, None, entry) for entry in range(whole.size)]
    with torch.no_grad(), evaluating(runner):
        caught = attention_layers(runner, whole.to(device, dtype), range(whole.size), modules)
    is_ready_made = isinstance(runner, transformers.PreTrainedModel)
    traces = []
    for entry, (inputs, found) in enumerate(zip(each, caught, strict=True)):
        sides = Sides(inputs.to(device, dtype))
        traces.append(traced(source, sides, found, None if is_ready_made else entry, None))
    return traces


def _writes(model: nn.Module, inputs: ModelInputs) -> bool:
    """Return whether a model has to write what its decoder reads."""
    if not isinstance(model, transformers.PreTrainedModel) or not model.config.is_encoder_decoder:
        return False
    return all(inputs.tensors.get(name) is None for name in DECODER_INPUTS)
