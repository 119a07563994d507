"""The input as the user passed it, in any of its forms."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from attnwidget.capture.inputs.images import is_image
from attnwidget.capture.inputs.processing import is_messages
from attnwidget.capture.model.loaded_model import LoadedModel


@dataclass(frozen=True)
class Given:
    """The input of a capture; see `attnwidget.capture`, whose arguments these are."""

    text: Any = None
    text_pair: str | None = None
    messages: Sequence[Mapping[str, Any]] | None = None
    images: Any = None
    audio: Any = None
    tokenizer: Any = None
    processor: Any = None
    decoder_text: str | None = None
    batch_index: int | None = None
    truncation: bool | int = False
    silence: bool = False

    @property
    def is_processed(self) -> bool:
        """True if a processor makes the inputs of images, a sound or messages."""
        return any(each is not None for each in (self.messages, self.images, self.audio))

    def understood(self, model: LoadedModel) -> Given:
        """Return the input with what was passed as `text` under its own name.

        Raises
        ------
        ValueError
            Nothing was given, or two things that exclude each other.
        """
        text = self.text
        if self.truncation is not False and not isinstance(text, str):
            raise ValueError(
                "truncation cuts a text, but what was given is none. Cut it yourself, or have the "
                "tokenizer cut it: tokenizer(…, truncation=True)."
            )
        if text is None:
            if not self.is_processed:
                raise ValueError(
                    "There is no input. Pass a text, messages=, images= or audio=, or a mapping of "
                    "ready inputs such as {'input_ids': …}."
                )
            return self
        if is_messages(text):
            return replace(self, text=None, messages=text)
        if is_image(text) or _is_list_of(text, is_image):
            return replace(self, text=None, images=text)
        if isinstance(text, (str, Mapping)) or not model.is_pretrained:
            return self
        return self._of_array(model)

    def _of_array(self, model: LoadedModel) -> Given:
        """Return the input with an array of ids, pixels or samples under its own name."""
        array = _as_tensor(self.text)
        if array is None or not array.numel():
            return self
        is_whole = not array.is_floating_point() and array.dtype != torch.bool
        if is_whole and array.ndim in (1, 2) and model.main_input == "input_ids":
            ids = array.reshape(-1, array.shape[-1]).long()
            return replace(self, text={"input_ids": ids})
        if model.main_input == "pixel_values" and array.ndim == 3:
            if is_whole:
                return replace(self, text=None, images=self.text)
            return replace(self, text={"pixel_values": array[None]})
        if model.main_input in ("input_features", "input_values") and array.ndim == 1:
            return replace(self, text=None, audio=self.text)
        if not is_whole and array.ndim >= 2 and model.main_input != "input_ids":
            return replace(self, text={model.main_input: array})
        return self


def is_texts(given: object) -> bool:
    """Return whether a value is a list of texts."""
    return isinstance(given, list) and _is_list_of(given, lambda each: isinstance(each, str))


def _is_list_of(given: object, kind: Any) -> bool:
    return isinstance(given, (list, tuple)) and len(given) > 0 and all(map(kind, given))


def _as_tensor(given: Any) -> Tensor | None:
    if isinstance(given, Tensor):
        return given
    try:
        array = np.asarray(given)
        return torch.from_numpy(array) if array.dtype.kind in "iuf" else None
    except (TypeError, ValueError):
        return None
