"""The model inside of what people wrap around one: compiled, replicated, adapted, in a pipeline."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple, Protocol, TypeAlias

from torch import nn

from attnwidget.capture.model.pretrained import is_pretrained


class HoldsModel(Protocol):
    """An object that holds a model, such as a pipeline."""

    @property
    def model(self) -> Any:
        """The model."""


Opener: TypeAlias = Callable[[Any], object]


class Unwrapped(NamedTuple):
    """A model, and what its wrappers hold beside it.

    Attributes
    ----------
    model
        The innermost model.
    tokenizer, processor
        Those of the outermost wrapper that has one, None without.
    """

    model: object
    tokenizer: Any
    processor: Any


def unwrap(given: object) -> Unwrapped:
    """Return the innermost model, with the tokenizer and the processor that its wrappers hold.

    Parameters
    ----------
    given
        A model, a wrapper of one (see `WRAPPERS`), or anything else.
    """
    tokenizer = processor = None
    while (inner := _opened(given)) is not None:
        tokenizer = getattr(given, "tokenizer", None) if tokenizer is None else tokenizer
        processor = _processor_of(given) if processor is None else processor
        given = inner
    if tokenizer is None and _is_of("transformer_lens", given):
        tokenizer = getattr(given, "tokenizer", None)
    return Unwrapped(given, tokenizer, processor)


def _processor_of(given: object) -> Any:
    names = ("processor", "image_processor", "feature_extractor")
    found = (getattr(given, name, None) for name in names)
    return next((each for each in found if each is not None), None)


def _opened(given: object) -> nn.Module | None:
    if isinstance(given, type) or is_pretrained(given):
        return None
    found = (open_(given) for open_ in WRAPPERS)
    return next((inner for inner in found if isinstance(inner, nn.Module)), None)


def _compiled(given: Any) -> object:
    """Undo ``torch.compile``, whose graphs call no attention function that could be replaced."""
    return getattr(given, "_orig_mod", None)


def _replicated(given: Any) -> object:
    """Take the model out of ``DataParallel`` and its like; the others are copies."""
    replicas = (nn.DataParallel, nn.parallel.DistributedDataParallel)
    return given.module if isinstance(given, replicas) else None


def _adapted(given: Any) -> object:
    """Take a PEFT model's base, within which adapters such as LoRA lie.

    Learned prompts lie outside of it: with them the wrapper itself is run.
    """
    if not _is_of("peft", given):
        return None
    prompts = any(each.is_prompt_learning for each in given.peft_config.values())
    return None if prompts else given.base_model.model


def _sentence_model(given: Any) -> object:
    """Take the transformer out of a bi-encoder or a cross-encoder of sentence-transformers."""
    if not _is_of("sentence_transformers", given):
        return None
    first = given[0] if isinstance(given, nn.Sequential) and len(given) else given
    return getattr(first, "auto_model", None) or getattr(first, "model", None)


def _intervened(given: Any) -> object:
    """Take the module that nnsight wraps to change what it computes."""
    return getattr(given, "_module", None) if _is_of("nnsight", given) else None


def _holder(given: Any) -> object:
    """Take what a pipeline or a trainer calls its model; a module may do more than its part."""
    return None if isinstance(given, nn.Module) else getattr(given, "model", None)


def learned_prompt(module: Any) -> int:
    """Return the number of positions that PEFT puts before a text, 0 without a learned prompt."""
    if not _is_of("peft", module):
        return 0
    configs = (module.peft_config[name] for name in module.active_adapters)
    return sum(each.num_virtual_tokens for each in configs if each.is_prompt_learning)


def core_of(module: Any) -> nn.Module:
    """Return the transformers model that a module runs, the module itself if it wraps none."""
    core = module.get_base_model() if _is_of("peft", module) else module
    found: nn.Module = core if isinstance(core, nn.Module) else module
    return found


def _is_of(library: str, given: object) -> bool:
    """Return whether a library that need not be installed made the class of an object."""
    return type(given).__module__.partition(".")[0] == library


WRAPPERS: tuple[Opener, ...] = (
    _compiled,
    _replicated,
    _adapted,
    _sentence_model,
    _intervened,
    _holder,
)
"""Each returns the model within a wrapper of its kind, None for anything else."""
