"""From a model and an input to a Trace."""

import os
from collections.abc import Mapping
from typing import Any

import torch
import transformers
from torch import nn

from attnwidget.capture.assemble.stack_tokens import Sides
from attnwidget.capture.attention.capture_attention import attention_layers
from attnwidget.capture.build_trace import traced
from attnwidget.capture.inputs.arguments import check_arguments
from attnwidget.capture.inputs.forward import understood
from attnwidget.capture.inputs.generate import continued, with_decoder_inputs
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.capture.inputs.ready_inputs import given_inputs
from attnwidget.capture.inputs.text import check_reads_text, encode
from attnwidget.capture.model.limits import check_ids, check_length
from attnwidget.capture.model.loading import Source, load
from attnwidget.capture.model.model_state import evaluating
from attnwidget.capture.model.placement import placement
from attnwidget.trace.target import Target, check_target
from attnwidget.trace.trace import Trace


def capture(
    model: str | os.PathLike[str] | nn.Module,
    text: str | Mapping[str, Any],
    text_pair: str | None = None,
    *,
    tokenizer: Any = None,
    decoder_text: str | None = None,
    max_new_tokens: int = 0,
    batch_index: int | None = None,
    modules: str | None = None,
    target: Target = None,
) -> Trace:
    """Run a model once and keep what its attention was made of.

    The forward pass runs at the speed of SDPA and keeps queries, keys and values, from which the
    Trace computes exact weights on demand; nothing of size n x n is kept. Padding is cut away. The
    model comes back as it was: its mode, attention implementation, hooks and gradients, also
    after an error. Captures may be nested and may run in several threads. The Trace refers to the
    model and the inputs, to run it again when gradients or predictions are asked for.

    Parameters
    ----------
    model
        A name or local path (a folder or a GGUF file), a loaded transformers model, or any torch
        module.
    text
        A text, or a mapping of ready model inputs: ``input_ids``, ``attention_mask``,
        ``pixel_values``, ``input_features`` … A torch module also takes one tensor.
    text_pair
        The second text of a pair.
    tokenizer
        The tokenizer, not its name; by default the one saved with the model.
    decoder_text
        What the decoder of an encoder-decoder reads. By default the model writes it, greedily.
    max_new_tokens
        How many tokens the model writes at most. The trace of a decoder shows the prompt and what
        was written after it; 0 writes nothing. For an encoder-decoder 0 means a moderate number.
    batch_index
        Which entry of a batch to show; needed where ready inputs have several.
    modules
        Name of the attention modules with wildcards, such as ``"*.attn"``, whose second output is
        the weights; only for models whose attention is found in no other way.
    target
        What gradients are taken of: ``("logit", position, index)`` or ``("log_prob", position,
        index)`` of a token or class; ``("hidden", position)``, the sum of the last hidden state at
        a token; or a function from the model's output to a scalar tensor. Positions count the
        tokens of the trace, negative ones from the end; None is the default position (a classifier
        has no other), every one for ``"hidden"``. An index of None is the predicted one. With a
        target the backward pass runs at once; with None it runs when gradients are first asked
        for, of the model's default: the logit of the predicted token at the last position of a
        model that writes (of the decoder, in an encoder-decoder) or at the first mask, that of the
        predicted class, or else the sum of the last hidden state at all positions.

    Returns
    -------
    Trace
        With the stream ``"self"``; ``"encoder"``, ``"decoder"`` and ``"cross"`` for an
        encoder-decoder; or one for each tower, such as ``"text"`` and ``"vision"``.

    Raises
    ------
    ValueError
        An argument is none that can be used, the input does not fit the model, the model or its
        tokenizer cannot be found, its attention cannot be caught, or the target does not fit the
        model. The message says what to do.
    IndexError
        The batch has no such entry, or the target names what is not there.
    """
    check_arguments(
        tokenizer=tokenizer,
        max_new_tokens=max_new_tokens,
        batch_index=batch_index,
        modules=modules,
        is_text=isinstance(text, str),
    )
    target = check_target(target)
    source = load(model, continues=max_new_tokens > 0, decodes=decoder_text is None)
    runner = source.model
    device, dtype = placement(runner)
    if isinstance(text, str):
        check_reads_text(runner)
        tokenizer = source.tokenizer() if tokenizer is None else tokenizer
        inputs = understood(runner, encode(tokenizer, text, text_pair))
        check_length(runner, inputs.length, "The text", tokenizer=tokenizer)
    else:
        inputs = given_inputs(runner, text, text_pair, batch_index)
    if "pixel_values" not in inputs.tensors:
        # The ids that stand for an image may lie beyond those of words.
        check_ids(runner, inputs.tensors.get("input_ids"), "The text")
    with torch.no_grad(), evaluating(runner):
        inputs = inputs.to(device, dtype)
        inputs = _with_reading(source, inputs, tokenizer, decoder_text, max_new_tokens)
        entry = None if isinstance(runner, transformers.PreTrainedModel) else batch_index
        (caught,) = attention_layers(runner, inputs, [entry], modules)
    return traced(source, Sides(inputs, tokenizer), caught, entry, target)


def _with_reading(
    source: Source,
    inputs: ModelInputs,
    tokenizer: Any,
    decoder_text: str | None,
    max_new_tokens: int,
) -> ModelInputs:
    """Add what the model reads besides: a decoder's text, or what it writes itself."""
    model = source.model
    if not isinstance(model, transformers.PreTrainedModel):
        if decoder_text is not None or max_new_tokens:
            raise ValueError(
                "decoder_text and max_new_tokens need a transformers model, but the model is a "
                f"{type(model).__name__}. Pass what it reads among the inputs."
            )
        return inputs
    if model.config.is_encoder_decoder:
        if decoder_text is not None and tokenizer is None:
            tokenizer = source.tokenizer()
        return with_decoder_inputs(model, inputs, tokenizer, decoder_text, max_new_tokens)
    if decoder_text is not None:
        raise ValueError(
            f"decoder_text is for encoder-decoder models, and {type(model).__name__} is a single "
            "stack. Put everything in text."
        )
    return continued(model, inputs, max_new_tokens) if max_new_tokens else inputs
