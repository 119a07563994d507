"""Let a model write, with the options of transformers' ``generate``."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.capture.inputs.reading import Reading, reading
from attnwidget.capture.model.library import library
from attnwidget.capture.model.loaded_model import LoadedModel

if TYPE_CHECKING:
    import transformers

OURS = (
    "custom_generate",
    "max_length",
    "max_new_tokens",
    "num_return_sequences",
    "output_attentions",
)
"""Options that would change what is traced, or its length, and are no options here."""

OF_SPEECH = ("language", "task", "prompt_ids", "return_timestamps", "is_multilingual")
"""Options that only speech models have."""


CAPTURE_KEYWORDS = (
    *("audio", "batch_index", "decoder_text", "images", "max_new_tokens", "messages", "modules"),
    *("processor", "seed", "silence", "target", "text_pair", "tokenizer", "tokens", "truncation"),
)
"""The keywords of `attnwidget.capture`, one of which may have been meant."""


@dataclass(frozen=True)
class Writing:
    """How much a model writes, and how.

    Attributes
    ----------
    max_new_tokens
        Most tokens to write; 0 if none were asked for.
    seed
        Seed of what is drawn; None leaves torch's generators as they are.
    options
        Options of ``generate``.
    """

    max_new_tokens: int = 0
    seed: int | None = None
    options: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_asked_for(self) -> bool:
        """True if the user asked for anything to be written."""
        return bool(self.max_new_tokens or self.options or self.seed is not None)


NOTHING = Writing()


def is_generate_option(name: str) -> bool:
    """Return whether ``generate`` has an option of this name that may be passed on."""
    names = (*inspect.signature(library().GenerationMixin.generate).parameters, *OF_SPEECH)
    is_known = name in names or hasattr(library().GenerationConfig(), name)
    return is_known and name not in (*OURS, "self", "inputs", "kwargs", "return_dict_in_generate")


def check_options(options: Mapping[str, Any]) -> None:
    """Refuse keywords that are no options of ``generate``.

    Raises
    ------
    TypeError
        There is such a keyword.
    """
    for name in options:
        if not is_generate_option(name):
            near = get_close_matches(name, CAPTURE_KEYWORDS, 1)
            advice = f" Did you mean {near[0]}?" if near else ""
            raise TypeError(
                f"capture does not know the keyword {name!r}, and it is no option of generate "
                f"that can be passed on.{advice}"
            )


def generated(
    model: LoadedModel, inputs: ModelInputs, writing: Writing, count: int, advice: str
) -> tuple[Tensor, Reading]:
    """Return the ids (1, n) that the model writes, `count` new ones at most, and what it read.

    Raises
    ------
    ValueError
        The model has no language-model head; the message gives the advice.
    """
    if not model.can_generate:
        raise ValueError(
            f"{model.class_name} cannot write text, because it has no language-model head. "
            f"{advice}, or load the model with its head, such as AutoModelForCausalLM or "
            "AutoModelForSeq2SeqLM."
        )
    pretrained: transformers.PreTrainedModel = model.pretrained
    options = {"do_sample": False, "num_beams": 1, **writing.options}
    name = "decoder_input_ids" if model.is_encoder_decoder else "input_ids"
    if "stop_strings" in options:
        options["tokenizer"] = inputs.tokenizer
    with reading(pretrained, name) as read, seeded(writing.seed):
        try:
            output = pretrained.generate(
                **inputs.tensors, **options, max_new_tokens=count, return_dict_in_generate=False
            )
        except Exception as error:
            if not writing.options:
                raise
            given = ", ".join(f"{key}={value!r}" for key, value in writing.options.items())
            raise ValueError(f"{model.class_name} cannot write with {given}: {error}") from error
    ids = output if isinstance(output, Tensor) else output["sequences"]
    return ids[:1], read


@contextmanager
def seeded(seed: int | None) -> Iterator[None]:
    """Seed torch's generators for a while; None leaves them alone."""
    if seed is None:
        yield
        return
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        yield
