"""Inputs that are ready for the model, as a user passed them."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor

from attnwidget.capture.inputs.arguments import check_arrays, check_names
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.capture.model.loaded_model import LoadedModel

SMALL = (torch.uint8, torch.int8, torch.int16, torch.uint16, torch.uint32, torch.uint64)
"""Whole numbers that models do not take as ids."""


def ready_inputs(
    model: LoadedModel, given: object, text_pair: str | None, batch_index: int | None
) -> ModelInputs:
    """Return the inputs of a forward pass on one entry of ready inputs.

    Raises
    ------
    ValueError
        `given` cannot be inputs of the model, or is too long for it.
    IndexError
        The batch has no such entry.
    """
    if text_pair is not None:
        raise ValueError(
            "text_pair goes with a text; ready inputs already hold both texts of a pair."
        )
    if isinstance(given, Mapping):
        if not model.is_pretrained:
            return _own_entry(ModelInputs(dict(given)), batch_index)
        inputs = one_entry(given, batch_index, has_text_pairs=model.has_text_pairs)
        model.limits().check_length(inputs.length, "The sequence in input_ids")
        return inputs
    if isinstance(given, Tensor) and not model.is_pretrained:
        inputs = ModelInputs({"input": given}, positional=("input",))
        return _own_entry(inputs, batch_index)
    raise ValueError(
        "text must be a string or a mapping of model inputs such as {'input_ids': ...}, but an "
        f"object of type {type(given).__name__} was given that is neither a list of texts, nor "
        "token ids in one list or in lists of one length, nor chat messages, an image or a sound."
    )


def _own_entry(inputs: ModelInputs, batch_index: int | None) -> ModelInputs:
    """Return one entry of the inputs of a module of no library.

    Where all tensors have as many entries, the module gets one alone: what it does with the axis of
    the batch need not be guessed then.
    """
    size = inputs.entries
    if batch_index is None or size is None:
        return replace(inputs, entry=batch_index or 0)
    index = _entry(batch_index, size, inputs.tensors)
    tensors = {
        name: each[index : index + 1]
        if isinstance(each, Tensor) and each.ndim and len(each) == size
        else each
        for name, each in inputs.tensors.items()
    }
    return replace(inputs, tensors=tensors)


def one_entry(
    given: Mapping[str, Any], batch_index: int | None, *, has_text_pairs: bool = True
) -> ModelInputs:
    """Return one entry of a batch of ready inputs.

    Parameters
    ----------
    given
        Arrays by name, the batch on the first axis; ids and masks may also be one list.
    batch_index
        Entry to take; None if there is only one.
    has_text_pairs
        True if ``token_type_ids`` separate two texts.

    Raises
    ------
    ValueError
        The batch has several entries and none was chosen, it is empty, ids or masks are no arrays,
        or a cache is among the inputs.
    IndexError
        There is no such entry.
    """
    tensors, batched, size = _batched(given)
    index = _entry(batch_index, size, tensors)
    taken = {
        name: each[index : index + 1] if name in batched and each.shape[0] == size else each
        for name, each in tensors.items()
    }
    words, segments = _words_and_segments(given, taken, index, has_text_pairs)
    return ModelInputs(taken, words=words, segments=segments)


def whole_batch(given: Mapping[str, Any] | Tensor) -> ModelInputs:
    """Return every entry of a batch of ready inputs.

    Raises
    ------
    ValueError
        The batch is empty, ids or masks are no arrays, or a cache is among the inputs.
    """
    if isinstance(given, Tensor):
        return ModelInputs({"input": given}, positional=("input",), size=len(given))
    tensors, _, size = _batched(given)
    return ModelInputs(tensors, size=size)


def _batched(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Tensor], int]:
    """Return all inputs as tensors, the ones with a batch axis, and the batch size."""
    check_names(given)
    if given.get("past_key_values") is not None:
        raise ValueError(
            "past_key_values hold keys whose tokens are unknown here. Pass the whole sequence as "
            "input_ids instead."
        )
    tensors = {name: _tensor(name, value) for name, value in given.items() if value is not None}
    check_arrays(tensors)
    batched = {
        name: each for name, each in tensors.items() if isinstance(each, Tensor) and each.ndim
    }
    if not any(each.numel() for each in batched.values()):
        raise ValueError(
            f"The inputs are empty: {_shapes(tensors) or 'no array'}. Pass at least one token, "
            "image or sound."
        )
    return tensors, batched, _size(batched)


def _size(batched: Mapping[str, Tensor]) -> int:
    """Return the number of entries: that of the ids, or else that of all inputs.

    The patches of images whose grids are given follow each other on the first axis, and the frames
    of sounds whose lengths are given on the last one: one entry.
    """
    if "input_ids" in batched:
        return len(batched["input_ids"])
    if any(name.endswith(("grid_thw", "feature_lens")) for name in batched):
        return 1
    return max(len(each) for each in batched.values())


def _words_and_segments(
    given: Any, taken: Mapping[str, Any], index: int, has_text_pairs: bool
) -> tuple[Sequence[int | None], Sequence[int]]:
    """Return the word and the segment of each token, empty if the inputs do not tell."""
    if getattr(given, "is_fast", False):
        return given.word_ids(index), _closed_segments(given.sequence_ids(index))
    types = taken.get("token_type_ids")
    if has_text_pairs and isinstance(types, Tensor) and types.ndim == 2:
        segments = types[0].tolist()
        return (), segments if set(segments) == {0, 1} else ()
    return (), ()


def _closed_segments(segments: Sequence[int | None]) -> list[int]:
    """Return the segment of each token; a token without one (None) closes the text before it."""
    closed: list[int] = []
    for segment in segments:
        closed.append(segment if segment is not None else (closed[-1] if closed else 0))
    return closed


def _tensor(name: str, value: Any) -> Any:
    if isinstance(value, (bool, int, float, str)):
        return value
    try:
        tensor = torch.as_tensor(value)
    except (TypeError, ValueError, RuntimeError):
        return value
    if name.endswith("_ids") and tensor.dtype in SMALL:
        tensor = tensor.long()
    if tensor.ndim == 1 and name.endswith(("_mask", "_ids")):
        tensor = tensor[None]
    return tensor


def _entry(batch_index: int | None, size: int, tensors: Mapping[str, Any]) -> int:
    if batch_index is None:
        if size > 1:
            raise ValueError(
                f"The inputs are a batch of {size} ({_shapes(tensors)}), and a trace shows one "
                f"entry. Pass batch_index=0 to {size - 1} to choose it."
            )
        return 0
    if not -size <= batch_index < size:
        raise IndexError(
            f"batch_index {batch_index} is out of range: the batch has {size} entries, so pass "
            f"0 to {size - 1}."
        )
    return batch_index % size


def _shapes(tensors: Mapping[str, Any]) -> str:
    return ", ".join(
        f"{name} {tuple(each.shape)}" for name, each in tensors.items() if isinstance(each, Tensor)
    )
