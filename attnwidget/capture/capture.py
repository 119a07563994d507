"""Capture the attention of a model on one input."""

import os
from collections.abc import Mapping, Sequence
from typing import Any, overload

import torch
from torch import nn

from attnwidget.capture.attention.capture_attention import capture_attention
from attnwidget.capture.build_trace import build_trace
from attnwidget.capture.inputs.arguments import check_arguments
from attnwidget.capture.inputs.generate import Writing, check_options
from attnwidget.capture.inputs.given import Given, is_texts
from attnwidget.capture.inputs.prepare_inputs import prepare_inputs
from attnwidget.capture.model.loading import load
from attnwidget.capture.model.model_state import evaluation_mode
from attnwidget.capture.model.wrappers import HoldsModel
from attnwidget.trace.target import Target, check_target
from attnwidget.trace.tokens import Tokens
from attnwidget.trace.trace import Trace


@overload
def capture(
    model: str | os.PathLike[str] | nn.Module | HoldsModel,
    text: list[str],
    *,
    batch_index: None = ...,
    **keywords: Any,
) -> list[Trace]: ...


@overload
def capture(
    model: str | os.PathLike[str] | nn.Module | HoldsModel,
    text: Any = ...,
    text_pair: str | None = ...,
    *,
    messages: Sequence[Mapping[str, Any]] | None = ...,
    images: Any = ...,
    audio: Any = ...,
    tokenizer: Any = ...,
    processor: Any = ...,
    tokens: Sequence[str] | Tokens | None = ...,
    decoder_text: str | None = ...,
    max_new_tokens: int = ...,
    truncation: bool | int = ...,
    silence: bool = ...,
    batch_index: int | None = ...,
    modules: str | None = ...,
    target: Target = ...,
    seed: int | None = ...,
    **generate: Any,
) -> Trace: ...


def capture(
    model: str | os.PathLike[str] | nn.Module | HoldsModel,
    text: Any = None,
    text_pair: str | None = None,
    *,
    messages: Sequence[Mapping[str, Any]] | None = None,
    images: Any = None,
    audio: Any = None,
    tokenizer: Any = None,
    processor: Any = None,
    tokens: Sequence[str] | Tokens | None = None,
    decoder_text: str | None = None,
    max_new_tokens: int = 0,
    truncation: bool | int = False,
    silence: bool = False,
    batch_index: int | None = None,
    modules: str | None = None,
    target: Target = None,
    seed: int | None = None,
    **generate: Any,
) -> Trace | list[Trace]:
    """Run a model once and return a Trace of its attention.

    The forward pass runs at the speed of SDPA and keeps queries, keys and values, from which the
    Trace computes exact weights on demand; nothing of size n x n is kept. Padding is cropped. The
    model's mode, attention implementation, hooks and gradients are restored, also after an error.
    Captures may be nested and may run in several threads. The Trace refers to the model and the
    inputs, and runs the model again for gradients and predictions.

    Parameters
    ----------
    model
        A name or local path (a folder or a GGUF file), a loaded transformers model, or any torch
        module. A model that is compiled, replicated, adapted by PEFT, or held by a pipeline or by
        sentence-transformers is taken out of its wrapper, with the wrapper's tokenizer.
    text
        A text, or a mapping of ready model inputs: ``input_ids``, ``attention_mask``,
        ``pixel_values``, ``input_features`` … Token ids, an image, a waveform and chat messages
        are recognised too. A list of texts gives a list of traces, one each; with `batch_index`
        that of one of them. A torch module also takes one tensor.
    text_pair
        The second text of a pair.
    messages
        A conversation, ``[{"role": "user", "content": …}]``, through the chat template of the
        tokenizer or the processor, up to where the model answers.
    images
        An image or a list of them, with or without a text: of PIL, arrays (height, width, channels)
        or paths of files. The model's processor makes inputs of them.
    audio
        A waveform at the sampling rate of the model, a waveform with its rate ``(samples, rate)``,
        ``{"array": …, "sampling_rate": …}``, or the path of a WAV file.
    tokenizer
        The tokenizer, not its name; by default the one saved with the model.
    processor
        The processor of images, sounds and messages; by default the one saved with the model.
    tokens
        Names for the positions of the first stream, in place of its tokens: atoms, patches, days.
    decoder_text
        The text that the decoder of an encoder-decoder reads. By default the model writes it,
        greedily; one without a language-model head runs once with what is given.
    max_new_tokens
        Most tokens that the model writes. The trace of a decoder shows the prompt and the written
        tokens; 0 writes nothing. In an encoder-decoder 0 stands for at most 128.
    truncation
        Cuts a text that is too long: True to as many tokens as the model takes, a number to so
        many. ``repr(trace)`` and the widget say how much was cut.
    silence
        True also shows the silence that a sound was padded with. By default it is left out: the
        weights stay what they are, so that rows sum to less than 1 where the model attends to it,
        and ``repr(trace)`` and the widget say how much that is.
    batch_index
        The entry of a batch to trace; needed if ready inputs have several.
    modules
        Name of the attention modules with wildcards, such as ``"*.attn"``, whose second output is
        the weights; only for models whose attention is found in no other way.
    target
        The scalar that gradients are taken of: ``("logit", position, index)`` or ``("log_prob",
        position, index)`` of a token or class, given by its index or its text (``" Paris"``,
        ``"POSITIVE"``); ``("contrast", position, a, b)``, the logit of a minus that of b;
        ``("span", start, stop)``, the sum of log p(token t | what stands before it) over
        start <= t < stop (of a model that fills masks, of each token at its own position);
        ``("hidden", position)``, the sum of the last hidden state at a token; or a function from
        the model's output to a scalar tensor. Positions count the tokens of the trace, negative
        ones from the end; None is the default position (a classifier has no other), for
        ``"hidden"`` every position, for `stop` the end. An index of None is the predicted one.
        With a target the backward pass runs at once. With None it runs when
        gradients are first asked for, with the model's default target: the logit of the predicted
        token at the last position of a model that writes (of the decoder, in an encoder-decoder)
        or at the first mask, that of the predicted class, or else the sum of the last hidden state
        at all positions.
    seed
        Seed of what ``generate`` draws, so that it writes the same again; None draws anew.
    **generate
        Options of transformers' ``generate``: ``do_sample=True``, ``temperature``, ``top_p``,
        ``num_beams``, a speech model's ``language`` … Without any it writes greedily.

    Returns
    -------
    Trace
        With the stream ``"self"``; ``"encoder"``, ``"decoder"`` and ``"cross"`` for an
        encoder-decoder; or one for each tower, such as ``"text"`` and ``"vision"``.

    Raises
    ------
    ValueError
        An argument cannot be used, the input does not fit the model, the model or its tokenizer
        cannot be found, its attention cannot be captured, or the target does not fit the model. The
        message says what to do.
    IndexError
        The batch has no such entry, or the target no such position, token or class.
    TypeError
        A keyword is unknown, to ``generate`` too.
    """
    if is_texts(text):
        check_arguments(batch_index=batch_index)
        if not (messages is None and images is None and audio is None):
            raise ValueError(
                "A list of texts is a list of inputs, one trace each, so images, audio and "
                "messages cannot go with it. Capture them one by one."
            )
        keywords = {name: each for name, each in locals().items() if name in _EACH} | generate
        if batch_index is None:
            return [capture(model, each, text_pair, **keywords) for each in text]
        return capture(model, _entry(text, batch_index), text_pair, **keywords)
    check_options(generate)
    check_arguments(
        tokenizer=tokenizer,
        max_new_tokens=max_new_tokens,
        batch_index=batch_index,
        modules=modules,
        seed=seed,
        truncation=truncation,
        silence=silence,
        is_text=isinstance(text, str),
    )
    check_target(target)
    writes_text = decoder_text is None
    loaded = load(model, continues=max_new_tokens > 0, decodes=writes_text)
    given = Given(
        text=text,
        text_pair=text_pair,
        messages=messages,
        images=images,
        audio=audio,
        tokenizer=tokenizer,
        processor=processor,
        decoder_text=decoder_text,
        batch_index=batch_index,
        truncation=truncation,
        silence=silence,
    )
    with torch.no_grad(), evaluation_mode(loaded.module):
        inputs = prepare_inputs(loaded, given, Writing(int(max_new_tokens), seed, generate))
        is_alone = loaded.is_pretrained or inputs.entries == 1
        entry = None if is_alone else batch_index
        (captured,) = capture_attention(loaded, inputs, [entry], modules)
    trace = build_trace(loaded, inputs, captured, entry, target)
    return trace if tokens is None else trace.with_tokens(tokens)


_EACH = (
    *("tokenizer", "processor", "decoder_text", "max_new_tokens", "truncation", "silence"),
    *("modules", "target", "seed", "tokens"),
)
"""Keywords that are the same for each text of a list."""


def _entry(texts: list[str], batch_index: int) -> str:
    if not -len(texts) <= batch_index < len(texts):
        raise IndexError(
            f"batch_index {batch_index} is out of range: there are {len(texts)} texts, so pass 0 "
            f"to {len(texts) - 1}."
        )
    return texts[batch_index]
