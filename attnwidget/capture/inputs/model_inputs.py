"""What a model is called with: the inputs of one example."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor

from attnwidget.capture.inputs.arguments import check_arrays, check_names


@dataclass(frozen=True)
class ModelInputs:
    """Inputs of a forward pass.

    Attributes
    ----------
    tensors
        Arguments of the forward pass by name.
    positional
        Those that are passed by position, to a module which calls them something else.
    words
        For each of ``input_ids`` the word it is part of, None for special tokens; empty if unknown.
    segments
        For each of ``input_ids`` the text of a pair that it belongs to; empty without a pair.
    entry
        The one to show of a batch that the model gets whole.
    size
        Number of entries that the model gets.
    """

    tensors: dict[str, Any]
    positional: tuple[str, ...] = ()
    words: Sequence[int | None] = ()
    segments: Sequence[int] = ()
    entry: int = 0
    size: int = 1

    def ids(self, name: str) -> list[int] | None:
        """Return token ids (n,), None if there are none."""
        ids = self.tensors.get(name)
        if not isinstance(ids, Tensor) or ids.ndim != 2:
            return None
        ids = ids[self.entry if len(ids) > 1 else 0].tolist()
        return [int(each) for each in ids]

    @property
    def length(self) -> int:
        """Number of token ids, 0 if there are none."""
        return len(self.ids("input_ids") or ())

    def adding(self, **tensors: Any) -> "ModelInputs":
        """Return these inputs and some more."""
        return replace(self, tensors={**self.tensors, **tensors})

    def to(self, device: torch.device, dtype: torch.dtype) -> "ModelInputs":
        """Return the inputs on a device, those that are measurements (no ids) in `dtype`."""

        def moved(value: Any) -> Any:
            if not isinstance(value, Tensor):
                return value
            return value.to(device, dtype if value.is_floating_point() else value.dtype)

        tensors = {name: moved(value) for name, value in self.tensors.items()}
        return replace(self, tensors=tensors)


def ready_inputs(
    given: Mapping[str, Any], batch_index: int | None, *, typed: bool = True
) -> ModelInputs:
    """Return one entry of a batch of ready inputs.

    Parameters
    ----------
    given
        Arrays by name, the batch on the first axis; ids and masks may also be one list.
    batch_index
        Entry to take; None if there is only one.
    typed
        Whether ``token_type_ids`` tell the texts of a pair apart; in some models they mark images.

    Raises
    ------
    ValueError
        The batch has several entries and none was chosen, it is empty, it has ids or masks that
        are no arrays, or a cache is among the inputs.
    IndexError
        There is no such entry.
    """
    tensors, batched, size = _batched(given)
    index = _entry(batch_index, size, tensors)
    taken = {
        name: each[index : index + 1] if name in batched and each.shape[0] == size else each
        for name, each in tensors.items()
    }
    words, segments = _origins(given, taken, index, typed)
    return ModelInputs(taken, words=words, segments=segments)


def whole_batch(given: Mapping[str, Any] | Tensor) -> ModelInputs:
    """Return every entry of a batch of ready inputs; see `ready_inputs`."""
    if isinstance(given, Tensor):
        return ModelInputs({"input": given}, positional=("input",), size=len(given))
    tensors, _, size = _batched(given)
    return ModelInputs(tensors, size=size)


def _batched(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Tensor], int]:
    """Return the inputs as tensors, those of them that have a batch axis, and its length."""
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
    counted = [batched["input_ids"]] if "input_ids" in batched else batched.values()
    return tensors, batched, max(each.shape[0] for each in counted)


def closed_segments(segments: Sequence[int | None]) -> list[int]:
    """Return the segment of each token; one that has none (None) closes the text before it."""
    closed: list[int] = []
    for segment in segments:
        closed.append(segment if segment is not None else (closed[-1] if closed else 0))
    return closed


def _origins(
    given: Any, taken: Mapping[str, Any], index: int, typed: bool
) -> tuple[Sequence[int | None], Sequence[int]]:
    """Return the words and the segments of the tokens, as far as the inputs know them."""
    if getattr(given, "is_fast", False):
        return given.word_ids(index), closed_segments(given.sequence_ids(index))
    types = taken.get("token_type_ids")
    if typed and isinstance(types, Tensor) and types.ndim == 2 and set(types[0].tolist()) == {0, 1}:
        return (), types[0].tolist()
    return (), ()


def _tensor(name: str, value: Any) -> Any:
    if isinstance(value, (bool, int, float, str)):
        return value
    try:
        tensor = torch.as_tensor(value)
    except (TypeError, ValueError, RuntimeError):
        return value
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
