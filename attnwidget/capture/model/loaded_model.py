"""A loaded model that knows its own kind."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal, TypeAlias

from torch import Tensor, nn

from attnwidget.capture.model.labels import are_numbers, class_labels
from attnwidget.capture.model.library import library
from attnwidget.capture.model.limits import Limits
from attnwidget.capture.model.location import looked_for
from attnwidget.capture.model.logits import logits_in
from attnwidget.capture.model.pretrained import (
    encoder_of,
    is_config,
    is_pretrained,
    recordable_outputs,
)
from attnwidget.capture.model.wrappers import core_of, learned_prompt

if TYPE_CHECKING:
    import transformers

Side: TypeAlias = Literal["encoder", "decoder"]


@dataclass(frozen=True, eq=False)
class LoadedModel:
    """A model that is ready to run, and the answers to every question about its kind.

    Attributes
    ----------
    module
        The module whose forward pass is run.
    name
        The name on the Hub, the last part of the path, or else the name of the class.
    location
        Arguments for ``from_pretrained`` that find the files of the model, None if unknown.
    held_tokenizer, held_processor
        The tokenizer and the processor that came with the model, as in a pipeline; None if none
        did.
    """

    module: nn.Module
    name: str
    location: dict[str, str] | None
    held_tokenizer: Any = None
    held_processor: Any = None

    @property
    def class_name(self) -> str:
        """Name of the module's class, for errors."""
        return type(self.module).__name__

    @property
    def pretrained(self) -> transformers.PreTrainedModel | None:
        """The transformers model, None for any other module."""
        core = core_of(self.module)
        return core if is_pretrained(core) else None

    @property
    def prompt_length(self) -> int:
        """Number of positions of a learned prompt before the text."""
        return learned_prompt(self.module)

    @property
    def is_pretrained(self) -> bool:
        """True for a transformers model."""
        return self.pretrained is not None

    @property
    def is_encoder_decoder(self) -> bool:
        """True for an encoder-decoder of transformers."""
        return self.pretrained is not None and bool(self.pretrained.config.is_encoder_decoder)

    @property
    def can_generate(self) -> bool:
        """True if the model predicts the next token and so can write text."""
        return self.pretrained is not None and bool(self.pretrained.can_generate())

    @property
    def returns_attentions(self) -> bool:
        """True if the model itself can return attention weights."""
        parts = [each for each in self.module.modules() if is_pretrained(each)]
        return self.is_pretrained and any(
            "attentions" in recordable_outputs(each)
            or "output_attentions" in inspect.signature(each.forward).parameters
            for each in parts
        )

    @property
    def has_text_pairs(self) -> bool:
        """True if ``token_type_ids`` separate two texts; in some models they mark images."""
        return hasattr(self.config, "type_vocab_size")

    @property
    def main_input(self) -> str:
        """Name of the input that the model reads, such as ``"input_ids"``."""
        return str(getattr(core_of(self.module), "main_input_name", "input_ids"))

    @property
    def encoder(self) -> nn.Module | None:
        """The encoder within the model, None without one."""
        return encoder_of(core_of(self.module))

    @property
    def config(self) -> Any:
        """The model's config, None for a module without one."""
        return getattr(core_of(self.module), "config", None)

    def config_of(self, side: Side) -> Any:
        """Return the config of the part that reads text on one side, None without a config."""
        config = self.config
        for part in (side, "text_config"):
            within = getattr(config, part, None)
            config = within if is_config(within) else config
        return config

    def limits(self, side: Side = "encoder", tokenizer: Any = None) -> Limits:
        """Return the longest text and the largest vocabulary of one side."""
        return Limits.of(self.class_name, self.config_of(side), tokenizer)

    @property
    def signature(self) -> inspect.Signature:
        """The parameters of the forward pass."""
        found = inspect.signature(self.module.forward)
        # Libraries put functions in its place that are not bound to the module.
        bound = [each for each in found.parameters.values() if each.name != "self"]
        return found.replace(parameters=bound)

    def accepts(self, name: str) -> bool:
        """Return whether the forward pass has a parameter of this name."""
        return name in self.signature.parameters

    def logits_of(self, output: Any, entries: int | None = 1) -> Tensor | None:
        """Return the logits among the outputs of a forward pass, None if there are none.

        Parameters
        ----------
        output
            The output. Modules that are no transformers model may return logits by themselves or
            first among others: a tensor with one row an entry, or with one column for each token
            of their vocabulary. Vectors of length 1, and the first of several tensors of one
            shape, are features; the logit of two of them is their cosine.
        entries
            Number of entries in the batch, None if it is unknown.

        Returns
        -------
        Tensor or None
            Two or three axes, the batch first and the vocabulary or the classes last.
        """
        return logits_in(output, self.module, entries, is_pretrained=self.is_pretrained)

    @cached_property
    def labels(self) -> Mapping[int, str]:
        """Label of each class, empty if no config names them.

        A module of no library has those of a model in it, if one of its layers has as many outputs.
        """
        return class_labels(self.module, self.config, is_pretrained=self.is_pretrained)

    @property
    def names_classes(self) -> bool:
        """True if the labels of the classes are more than their numbers."""
        return not are_numbers(self.labels)

    def class_label(self, index: int) -> str:
        """Return the label of a class, its index if no config has a label for it.

        Detectors have one class more than labels, that of no object.
        """
        is_none = index == len(self.labels) and hasattr(self.config, "num_queries")
        return "no object" if is_none else str(self.labels.get(index, index))

    def tokenizer(self) -> Any:
        """Return the tokenizer that came with the model, or else the one saved with it.

        Raises
        ------
        ValueError
            There is none.
        """
        if self.held_tokenizer is not None:
            return self.held_tokenizer
        advice = "Pass tokenizer=, or ready inputs such as {'input_ids': ...} instead of a text."
        if self.location is None:
            raise ValueError(
                f"A text needs a tokenizer, and this {self.class_name} does not say "
                f"where it was loaded from. {advice}"
            )
        try:
            tokenizer = library().AutoTokenizer.from_pretrained(**self.location)
            # Without its files some tokenizers are made empty.
            if set(tokenizer.get_vocab()) <= set(tokenizer.all_special_tokens):
                raise ValueError("It has no words.")
            return tokenizer
        except (OSError, ValueError, KeyError, ImportError, AttributeError, TypeError) as error:
            where = " ".join(self.location.values())
            raise ValueError(f"No tokenizer for {where!r}: {looked_for(where)} {advice}") from error

    def processor(self, tokenizer: Any = None) -> Any:
        """Return the processor that came with the model, or else the one saved with it.

        Parameters
        ----------
        tokenizer
            Returned if there is no processor.

        Raises
        ------
        ValueError
            There is none.
        """
        if self.held_processor is not None:
            return self.held_processor
        try:
            if self.location is None:
                raise ValueError(f"This {self.class_name} does not say where it was loaded from.")
            return library().AutoProcessor.from_pretrained(**self.location)
        except (OSError, ValueError, KeyError, ImportError, AttributeError, TypeError) as error:
            if tokenizer is not None:
                return tokenizer
            ready = f"ready inputs such as {{{self.main_input!r}: …}}"
            advice = f"processor=AutoProcessor.from_pretrained(…), or {ready}"
            if not self.is_pretrained:
                advice = "the tensor that it reads, or processor= with what makes it of them"
            raise ValueError(
                f"Images, sounds and messages need the processor of {self.class_name}, and none "
                f"was found. Pass {advice}."
            ) from error
