"""Load the model that a user names or passes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from torch import nn

from attnwidget.capture.model.adapters import adapter_of, is_adapter
from attnwidget.capture.model.library import library
from attnwidget.capture.model.loaded_model import LoadedModel
from attnwidget.capture.model.location import location_of, looked_for, short_name
from attnwidget.capture.model.pretrained import is_pretrained
from attnwidget.capture.model.wrappers import unwrap


def load(model: object, *, continues: bool = False, decodes: bool = False) -> LoadedModel:
    """Return a model that is ready to run.

    Parameters
    ----------
    model
        A model, a wrapper of one (see `attnwidget.capture.model.wrappers`), or the name or path of
        one. A path may be a GGUF file.
    continues
        True loads the language-model head of a decoder, so that it can write.
    decodes
        True loads the language-model head of an encoder-decoder, so that it can write.

    Raises
    ------
    ValueError
        `model` is neither a model nor a name, or no such model can be loaded.
    """
    module, *held = unwrap(model)
    if isinstance(module, nn.Module):
        paths = (part.name_or_path for part in module.modules() if is_pretrained(part))
        path = next((path for path in paths if path), None)
        if path is None:
            return LoadedModel(module, type(module).__name__, None, *held)
        return LoadedModel(module, short_name(path), location_of(path), *held)
    if not isinstance(model, (str, os.PathLike)):
        raise ValueError(
            "model must be a name or path, a loaded transformers model, a torch.nn.Module, or an "
            "object that holds one as .model, such as a pipeline, but an object of type "
            f"{type(model).__name__} was given."
        )
    name = os.fspath(model)
    if not name.strip():
        raise ValueError("model is an empty string. Pass the name or path of a model.")
    location = location_of(name)
    if is_adapter(name):
        base, put_on = adapter_of(name)
        under = load(base, continues=continues, decodes=decodes)
        return LoadedModel(put_on(under.module).eval(), short_name(name), under.location)
    try:
        loaded = _from_files(location, continues, decodes)
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise ValueError(f"No model could be loaded from {name!r}: {looked_for(name)}") from error
    return LoadedModel(loaded.eval(), short_name(name), location)


def _from_files(location: dict[str, str], continues: bool, decodes: bool) -> Any:
    """Return the model saved at a location, with a language-model head if it has to write."""
    config = library().AutoConfig.from_pretrained(**location)
    # A GGUF file names no architecture; those that transformers reads are language models.
    needs_head = decodes if config.is_encoder_decoder else continues
    found = _class_for(config, needs_head or "gguf_file" in location)
    return found.from_pretrained(**location, config=config)


@contextmanager
def without_progress() -> Iterator[None]:
    """Turn off transformers' progress bars, which are noise when loading is quick."""
    logging = library().utils.logging
    shown = logging.is_progress_bar_enabled()
    logging.disable_progress_bar()
    try:
        yield
    finally:
        if shown:
            logging.enable_progress_bar()


def _class_for(config: Any, writes: bool) -> Any:
    """Return the class that a checkpoint was saved from, or the nearest Auto class."""
    models = library()
    for architecture in config.architectures or ():
        saved = getattr(models, architecture, None)
        if saved is not None and (not writes or saved.can_generate()):
            return saved
    if not writes:
        return models.AutoModel
    if not config.is_encoder_decoder:
        return models.AutoModelForCausalLM
    families = (
        models.AutoModelForSeq2SeqLM,
        models.AutoModelForSpeechSeq2Seq,
        models.AutoModelForImageTextToText,
    )
    return next(
        (each for each in families if type(config) in each._model_mapping), models.AutoModel
    )
