"""The token ids that a stream's keys are read from, and inputs with others."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

import torch
from torch import Tensor

from attnwidget.capture.changes.token_kinds import kind_of
from attnwidget.capture.gradients.named_index import index_of
from attnwidget.capture.gradients.rerun import Rerun
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.trace.pieces import is_special
from attnwidget.trace.reruns import Change, Words

PLACEHOLDERS = ("image", "video", "audio", "sound", "speech")
"""Beginnings of the fields of configs that name the tokens in whose place something else stands."""

SPECIAL_FIELDS = ("bos", "eos", "pad", "mask", "unk", "sep", "cls", "decoder_start")

UNUSED = re.compile(r"[\[<]\S+[\]>]")
"""Pieces that stand for no text: ``[unused7]``, ``<extra_id_0>``, ``<0x0A>``."""


def words_of(rerun: Rerun, stream: str) -> Words:
    """Return the tokens of a stream's keys and those of the vocabulary; see `Reruns.words`."""
    name = input_of(rerun, stream)
    columns = rerun.group(stream).columns
    ids = tuple((rerun.inputs.ids(name) or [])[columns])
    tokenizer = rerun.inputs.tokenizer
    config = rerun.model.config
    return Words(
        ids,
        _ordinary(rerun, tokenizer, config),
        _vocabulary_size(rerun, config),
        partial(token_index, rerun),
        partial(kind_of, tokenizer),
        fills_masks=fills_masks(rerun),
        fixed=fixed_in(rerun, stream),
    )


def token_index(rerun: Rerun, token: int | str) -> int:
    """Return the index of a token that is to stand in the place of another."""
    if not isinstance(token, str):
        return token
    return index_of(token, rerun.model, rerun.inputs.tokenizer, who="The replacement")


def fills_masks(rerun: Rerun) -> bool:
    """Return whether a model predicts tokens at masks, and its tokenizer has one."""
    mask = getattr(rerun.inputs.tokenizer, "mask_token_id", None)
    return mask is not None and not rerun.model.can_generate


def fixed_in(rerun: Rerun, stream: str) -> frozenset[int]:
    """Return the keys of a stream that stand for a part of an image or a sound."""
    config = rerun.model.config
    placeholders = {
        index
        for field in PLACEHOLDERS
        for ending in ("_token_id", "_token_index")
        if isinstance(index := getattr(config, field + ending, None), int)
    }
    ids = (rerun.inputs.ids(input_of(rerun, stream)) or [])[rerun.group(stream).columns]
    return frozenset(at for at, each in enumerate(ids) if each in placeholders)


def with_tokens(rerun: Rerun, inputs: ModelInputs, entry: int, change: Change) -> ModelInputs:
    """Return inputs whose entry has other tokens."""
    name = input_of(rerun, change.stream)
    start = rerun.group(change.stream).columns.start
    ids = inputs.tensors[name].clone()
    row = entry if rerun.batch_index is None else inputs.entry
    for position, index in change.tokens:
        ids[row if len(ids) > 1 else 0, start + position] = index
    return replace(inputs, tensors={**inputs.tensors, name: ids}, texts=())


def input_of(rerun: Rerun, stream: str) -> str:
    """Return the name of the input that holds the ids of a stream's keys."""
    group, tensors = rerun.group(stream), rerun.inputs.tensors
    named = "decoder_input_ids" if group.keys == "decoder" else "input_ids"
    own = [] if rerun.model.is_pretrained else list(tensors)
    for name in (named, *own):
        ids = tensors.get(name)
        if not isinstance(ids, Tensor) or ids.dtype not in (torch.int32, torch.int64):
            continue
        if ids.ndim == 2 and ids.shape[1] == group.lengths[1]:
            return name
    raise ValueError(
        f"The keys of {stream!r} in {rerun.model.class_name} are not read one by one from token "
        "ids, so that no other token can stand in their place: they are parts of an image or a "
        "sound, embeddings that were passed ready, or a learned prompt is among them. Cut them "
        "instead, with knockout or knockout_effects."
    )


def _ordinary(rerun: Rerun, tokenizer: Any, config: Any) -> Sequence[int]:
    """Return the indices of the vocabulary that stand for text."""
    special = {
        index
        for field in SPECIAL_FIELDS
        for index in _listed(getattr(config, f"{field}_token_id", None))
    }
    if tokenizer is None:
        size = _vocabulary_size(rerun, config)
        return [index for index in range(size) if index not in special]
    special |= set(tokenizer.all_special_ids)
    size = _vocabulary_size(rerun, config)
    added = {
        int(index)
        for index, token in getattr(tokenizer, "added_tokens_decoder", {}).items()
        if getattr(token, "special", True)
    }
    return sorted(
        index
        for piece, index in tokenizer.get_vocab().items()
        if index < size and index not in special and index not in added
        if not is_special(piece) and not UNUSED.fullmatch(piece)
    )


def _vocabulary_size(rerun: Rerun, config: Any) -> int:
    text = config.get_text_config() if hasattr(config, "get_text_config") else config
    size = getattr(text, "vocab_size", None)
    if isinstance(size, int):
        return size
    tables = (
        each.num_embeddings
        for each in rerun.model.module.modules()
        if isinstance(each, torch.nn.Embedding)
    )
    return max(tables, default=0)


def _listed(value: Any) -> Iterable[int]:
    return value if isinstance(value, (list, tuple)) else () if value is None else (value,)
