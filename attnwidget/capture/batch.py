"""Capture a batch: one forward pass, one Trace for each entry."""

import os
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor, nn

from attnwidget.capture.attention.capture_attention import capture_attention
from attnwidget.capture.build_trace import build_trace
from attnwidget.capture.capture import capture
from attnwidget.capture.inputs.arguments import check_arguments
from attnwidget.capture.inputs.forward import DECODER_INPUTS
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.capture.inputs.ready_inputs import ready_inputs, whole_batch
from attnwidget.capture.model.loaded_model import LoadedModel
from attnwidget.capture.model.loading import load
from attnwidget.capture.model.model_state import evaluation_mode
from attnwidget.capture.model.placement import placement
from attnwidget.trace.trace import Trace


def capture_batch(
    model: str | os.PathLike[str] | nn.Module,
    batch: Mapping[str, Any] | Tensor,
    *,
    modules: str | None = None,
) -> list[Trace]:
    """Run a model once on a batch and return a Trace of every entry.

    An encoder-decoder without inputs for its decoder writes them, and then runs once for each
    entry. So does a module of no library.

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
    loaded = load(model)
    whole = whole_batch(batch)
    # A module of no library may keep heads and entries on one axis.
    is_own = not loaded.is_pretrained and whole.entries is not None
    if is_own or (isinstance(batch, Mapping) and _has_to_write(loaded, whole)):
        return [
            capture(loaded.module, batch, batch_index=entry, modules=modules)
            for entry in range(whole.size)
        ]
    loaded.limits().check_ids(whole.tensors.get("input_ids"), "The batch")
    device, dtype = placement(loaded.module)
    each = [ready_inputs(loaded, batch, None, entry) for entry in range(whole.size)]
    with torch.no_grad(), evaluation_mode(loaded.module):
        captured = capture_attention(loaded, whole.to(device, dtype), range(whole.size), modules)
    traces = []
    for entry, (inputs, attention) in enumerate(zip(each, captured, strict=True)):
        batch_index = None if loaded.is_pretrained else entry
        traces.append(build_trace(loaded, inputs.to(device, dtype), attention, batch_index, None))
    return traces


def _has_to_write(model: LoadedModel, inputs: ModelInputs) -> bool:
    """Return whether an encoder-decoder has to write the text that its decoder reads."""
    absent = all(inputs.tensors.get(name) is None for name in DECODER_INPUTS)
    return model.is_encoder_decoder and absent
