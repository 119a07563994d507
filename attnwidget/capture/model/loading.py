"""Models and tokenizers, from what a user passed for them."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import transformers
from huggingface_hub import constants
from torch import nn

NO_NAMES = ("model", "models", "checkpoint", "/")
"""Parts of a path that do not tell one model from another."""


@dataclass(frozen=True)
class Source:
    """A model that is ready to run.

    Attributes
    ----------
    model
        The model.
    name
        Its name on the Hub, the last part of its path, or else the name of its class.
    location
        Arguments for ``from_pretrained`` that find what belongs to the model, None if unknown.
    """

    model: nn.Module
    name: str
    location: dict[str, str] | None

    def tokenizer(self) -> Any:
        """Return the tokenizer that was saved with the model.

        Raises
        ------
        ValueError
            There is none.
        """
        advice = "Pass tokenizer=, or ready inputs such as {'input_ids': ...} instead of a text."
        if self.location is None:
            raise ValueError(
                f"A text needs a tokenizer, and this {type(self.model).__name__} does not say "
                f"where it was loaded from. {advice}"
            )
        try:
            tokenizer = transformers.AutoTokenizer.from_pretrained(**self.location)
            # Without its files some tokenizers are made empty.
            if set(tokenizer.get_vocab()) <= set(tokenizer.all_special_tokens):
                raise ValueError("It has no words.")
            return tokenizer
        except (OSError, ValueError, KeyError, ImportError, AttributeError, TypeError) as error:
            where = " ".join(self.location.values())
            raise ValueError(f"No tokenizer for {where!r}: {looked_for(where)} {advice}") from error


def load(model: object, *, continues: bool = False, decodes: bool = False) -> Source:
    """Return the model that a user means.

    Parameters
    ----------
    model
        A model, or the name or path of one. A path may be a GGUF file.
    continues, decodes
        Whether a decoder, or an encoder-decoder, will have to write text and so needs its
        language-model head.

    Raises
    ------
    ValueError
        It is neither, or there is no such model.
    """
    if isinstance(model, nn.Module):
        # Undo torch.compile, whose graphs call no attention function that could be replaced.
        given: nn.Module = getattr(model, "_orig_mod", model)
        within = (
            each for each in given.modules() if isinstance(each, transformers.PreTrainedModel)
        )
        path = next((each.name_or_path for each in within if each.name_or_path), None)
        if path is None:
            return Source(given, type(given).__name__, None)
        return Source(given, _short(path), _location(path))
    if not isinstance(model, (str, os.PathLike)):
        raise ValueError(
            "model must be a name or path, a loaded transformers model or a torch.nn.Module, but "
            f"an object of type {type(model).__name__} was given."
        )
    name = os.fspath(model)
    if not name.strip():
        raise ValueError("model is an empty string. Pass the name or path of a model.")
    location = _location(name)
    try:
        config = transformers.AutoConfig.from_pretrained(**location)
        # A GGUF file names no architecture; those that transformers reads are language models.
        needs_head = decodes if config.is_encoder_decoder else continues
        loaded = _class_for(config, needs_head or "gguf_file" in location).from_pretrained(
            **location
        )
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise ValueError(f"No model could be loaded from {name!r}: {looked_for(name)}") from error
    return Source(loaded.eval(), _short(name), location)


@contextmanager
def without_progress() -> Iterator[None]:
    """Show no progress bars of transformers: they are noise where loading takes no time."""
    shown = transformers.utils.logging.is_progress_bar_enabled()
    transformers.utils.logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            transformers.utils.logging.enable_progress_bar()


def looked_for(name: str) -> str:
    """Say where a model of this name was looked for."""
    path = Path(name).expanduser()
    if path.exists():
        return f"{path.resolve()} exists, but transformers cannot read it (see the error above)."
    network = (
        "and not on the Hugging Face Hub, because offline mode is on (HF_HUB_OFFLINE)"
        if constants.HF_HUB_OFFLINE
        else "and on the Hugging Face Hub"
    )
    return (
        f"looked for the local path {path.resolve()}, in the cache {constants.HF_HUB_CACHE}, "
        f"{network}. Check the spelling and the network, or pass the folder of a saved model."
    )


def _location(name: str) -> dict[str, str]:
    path = Path(name).expanduser()
    if path.suffix == ".gguf" and path.is_file():
        return {"pretrained_model_name_or_path": str(path.parent), "gguf_file": path.name}
    return {"pretrained_model_name_or_path": str(path) if path.exists() else name}


def _short(name: str) -> str:
    """Return the name of a model on the Hub as it is, and of a path its last telling part."""
    path = Path(name).expanduser()
    if not name or not path.exists():
        return name
    telling = (part for part in reversed(path.resolve().parts) if part.lower() not in NO_NAMES)
    return next(telling, name)


def _class_for(config: Any, writes: bool) -> Any:
    """Return the class that a checkpoint was saved from, or the nearest Auto class."""
    for architecture in config.architectures or ():
        saved = getattr(transformers, architecture, None)
        if saved is not None and (not writes or saved.can_generate()):
            return saved
    if not writes:
        return transformers.AutoModel
    if not config.is_encoder_decoder:
        return transformers.AutoModelForCausalLM
    families = (
        transformers.AutoModelForSeq2SeqLM,
        transformers.AutoModelForSpeechSeq2Seq,
        transformers.AutoModelForImageTextToText,
    )
    return next(
        (each for each in families if type(config) in each._model_mapping), transformers.AutoModel
    )
