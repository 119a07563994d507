"""Make model inputs of images, sounds and messages with the model's processor."""

from __future__ import annotations

import inspect
import reprlib
from collections.abc import Mapping, Sequence
from typing import Any

from attnwidget.capture.inputs.images import as_images
from attnwidget.capture.inputs.sounds import as_sound
from attnwidget.capture.model.library import library

MARKS = ("image_token", "boi_token", "fake_image_token")
"""Names under which processors keep the text that stands for an image."""


def processed(processor: Any, text: str | None, images: Any, audio: Any) -> Mapping[str, Any]:
    """Return what a processor makes of a text with images or a sound.

    Parameters
    ----------
    processor
        A processor, an image processor or a feature extractor of transformers.
    text
        The text, None without one. Where it does not say where the images stand, they stand
        before it.
    images, audio
        As `capture` takes them; None without any.

    Raises
    ------
    ValueError
        The processor takes no such inputs, or they cannot be read.
    """
    names = set(inspect.signature(type(processor).__call__).parameters)
    # Some processors hand everything on to the parts that they hold.
    takes_all = {"args", "kwargs"} <= names and hasattr(processor, "tokenizer")
    given: dict[str, Any] = {}
    if images is not None:
        pictures = as_images(images)
        given["images"] = pictures
        text = None if text is None else _with_marks(processor, text, len(pictures))
    if audio is not None:
        rate = _sampling_rate(processor)
        name = "raw_speech" if "raw_speech" in names else "audio"
        given[name] = as_sound(audio).at(rate)
        given["sampling_rate"] = rate
    if text is not None:
        given["text"] = text
    unknown = set(given) - names - {"sampling_rate"}
    if unknown and not takes_all:
        raise ValueError(
            f"{type(processor).__name__} makes no inputs of {' and '.join(sorted(unknown))}. Pass "
            "processor= with the processor that was saved with the model."
        )
    made: Mapping[str, Any] = processor(**given, return_tensors="pt")
    return made


def templated(processor: Any, messages: Sequence[Mapping[str, Any]]) -> Mapping[str, Any]:
    """Return what a chat template makes of messages, up to where the model answers.

    Parameters
    ----------
    processor
        A tokenizer, or a processor with a chat template of its own.
    messages
        Mappings with ``role`` and ``content``.

    Raises
    ------
    ValueError
        There is no chat template, or the messages do not fit it.
    """
    if not is_messages(messages) or not all("content" in each for each in messages):
        raise ValueError(
            "messages must be a list of mappings such as [{'role': 'user', 'content': 'Hello'}], "
            "at least one, each with a role and a content, but "
            f"{reprlib.repr(messages)} was given."
        )
    if not has_template(processor):
        raise ValueError(
            f"{type(processor).__name__} has no chat template, so it cannot be told how the model "
            "was shown messages. Pass one text, or set tokenizer.chat_template."
        )
    try:
        made: Mapping[str, Any] = processor.apply_chat_template(
            list(messages),
            add_generation_prompt=messages[-1].get("role") != "assistant",
            tokenize=True,
            return_dict=True,
            return_tensors="pt",
        )
    except Exception as error:  # templates are programs, and raise what they like
        raise ValueError(f"The chat template does not take these messages: {error}") from error
    return made


def has_template(processor: Any) -> bool:
    """Return whether a tokenizer or a processor knows how a model is shown messages.

    That of mistral-common does without a template.
    """
    if getattr(processor, "chat_template", None):
        return True
    plain = (library().PreTrainedTokenizerBase, library().ProcessorMixin)
    known = [kind.apply_chat_template for kind in plain]
    return getattr(type(processor), "apply_chat_template", None) not in (None, *known)


def is_messages(given: object) -> bool:
    """Return whether a value is a list of chat messages."""
    if not isinstance(given, (list, tuple)) or not given:
        return False
    return all(isinstance(each, Mapping) and "role" in each for each in given)


def _with_marks(processor: Any, text: str, count: int) -> str:
    """Return a text with a mark for each image before it, where the processor needs marks."""
    mark = next((getattr(processor, name, None) for name in MARKS), None)
    if not isinstance(mark, str) or mark in text:
        return text
    if getattr(processor, "chat_template", None):
        images = [{"type": "image"} for _ in range(count)]
        parts = [*images, {"type": "text", "text": text}]
        messages: list[dict[str, Any]] = [{"role": "user", "content": parts}]
        return str(processor.apply_chat_template(messages, add_generation_prompt=True))
    return mark * count + text


def _sampling_rate(processor: Any) -> int:
    extractor = getattr(processor, "feature_extractor", processor)
    rate = getattr(extractor, "sampling_rate", None)
    if not isinstance(rate, int):
        raise ValueError(
            f"{type(processor).__name__} makes no inputs of sounds. Pass processor= with the "
            "processor that was saved with the model."
        )
    return rate
