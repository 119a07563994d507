"""Check the types of the arguments of `capture`."""

import operator
import os
import reprlib
from collections.abc import Mapping
from typing import Any

import torch
from torch import Tensor

from attnwidget.capture.inputs.tokenizers import as_tokenizer

SEEDS = 2**63
"""First seed that torch does not take."""

IDS = ("input_ids", "decoder_input_ids")
MASKS = ("attention_mask", "decoder_attention_mask")


def check_arguments(
    *,
    tokenizer: Any = None,
    max_new_tokens: Any = 0,
    batch_index: object = None,
    modules: object = None,
    seed: Any = None,
    truncation: Any = False,
    silence: object = False,
    is_text: bool = False,
) -> None:
    """Refuse arguments of a wrong type.

    Raises
    ------
    ValueError
        An argument cannot be used; the message says what to pass.
    """
    if isinstance(tokenizer, (str, os.PathLike, type)):
        name = repr(os.fspath(tokenizer)) if isinstance(tokenizer, (str, os.PathLike)) else "..."
        raise ValueError(
            f"tokenizer must be a tokenizer of transformers, but {_described(tokenizer)} was "
            f"given. Pass AutoTokenizer.from_pretrained({name}), or leave it out for the one "
            "saved with the model."
        )
    as_tokenizer(tokenizer)
    is_count = _is_index(max_new_tokens) and not isinstance(max_new_tokens, bool)
    if not is_count or int(max_new_tokens) < 0:
        raise ValueError(f"max_new_tokens must be 0 or a larger number, not {max_new_tokens!r}.")
    if batch_index is not None and not _is_index(batch_index):
        raise ValueError(
            "batch_index must be the number of an entry, counted from 0, but "
            f"{_described(batch_index)} was given."
        )
    if is_text and batch_index not in (None, 0):
        raise ValueError(
            f"batch_index={batch_index} chooses an entry of a batch, but one text was given. Leave "
            "it out, or pass that text."
        )
    if seed is not None and not (_is_index(seed) and abs(operator.index(seed)) < SEEDS):
        raise ValueError(
            f"seed must be a whole number below 2 to the 63rd or None, but {_described(seed)} was "
            "given."
        )
    is_length = isinstance(truncation, bool) or (_is_index(truncation) and int(truncation) > 0)
    if not is_length:
        raise ValueError(
            "truncation must be True, for as many tokens as the model takes, or a number of "
            f"tokens, but {_described(truncation)} was given."
        )
    if not isinstance(silence, bool):
        raise ValueError(
            f"silence must be True, to show what follows a sound, or False, but "
            f"{_described(silence)} was given."
        )
    if modules is not None and not isinstance(modules, str):
        raise ValueError(
            f"modules must be a name with wildcards, such as '*.attn', but {_described(modules)} "
            "was given. Pass one name that fits them all."
        )


def check_names(inputs: Mapping[Any, object]) -> None:
    """Refuse inputs whose names are no strings.

    Raises
    ------
    ValueError
        A name is no string.
    """
    for name in inputs:
        if not isinstance(name, str):
            raise ValueError(
                f"The names of inputs must be strings such as 'input_ids', but {name!r} was given."
            )


def check_arrays(inputs: Mapping[str, Any]) -> None:
    """Refuse token ids and masks that are no arrays of numbers.

    Parameters
    ----------
    inputs
        Values by name, after every value that can become a tensor has become one.

    Raises
    ------
    ValueError
        Ids or a mask are no array of numbers; the message says what to pass.
    """
    for name, value in inputs.items():
        if name in IDS and not _has_ids(value):
            raise ValueError(
                f"{name} must be token ids, whole numbers in one list or in lists of one length, "
                f"but {_described(value)} was given. Pass what a tokenizer returns, or the text "
                "itself in place of the mapping."
            )
        if name in MASKS and not isinstance(value, Tensor):
            raise ValueError(
                f"{name} must be numbers in one list or in lists of one length, but "
                f"{_described(value)} was given. Pass what a tokenizer or a processor returns."
            )


def _has_ids(value: Any) -> bool:
    if not isinstance(value, Tensor) or value.ndim == 0:
        return False
    is_whole = value.dtype != torch.bool and not value.is_floating_point()
    return is_whole or value.numel() == 0


def _is_index(given: Any) -> bool:
    try:
        operator.index(given)
    except TypeError:
        return False
    return True


def _described(given: object) -> str:
    if isinstance(given, (str, int, float, list, tuple)):
        return reprlib.repr(given)
    if isinstance(given, Tensor):
        return f"a tensor {tuple(given.shape)} of {given.dtype}"
    if isinstance(given, type):
        return f"the class {given.__name__}"
    return f"an object of type {type(given).__name__}"
