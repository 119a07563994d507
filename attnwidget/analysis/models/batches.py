"""Batches in chunks that fit into memory."""

import warnings
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias, TypeVar

import torch
from torch import Tensor

Batch: TypeAlias = Mapping[str, Any] | Tensor
"""Ready model inputs, the batch on the first axis; a torch module also takes one tensor."""

T = TypeVar("T")

_NO_MEMORY = ("out of memory", "not enough memory", "can't allocate memory")


def size_of(batch: object) -> int:
    """Return the number of entries of a batch.

    Raises
    ------
    ValueError
        It is no batch, or an empty one.
    """
    if isinstance(batch, Tensor) and batch.ndim and len(batch):
        return len(batch)
    if isinstance(batch, Mapping):
        tensors = _tensors(batch)
        counted = [tensors["input_ids"]] if "input_ids" in tensors else list(tensors.values())
        size = max((len(each) for each in counted), default=0)
        if size:
            return size
    given = f"keys {list(batch)}" if isinstance(batch, Mapping) else f"a {type(batch).__name__}"
    raise ValueError(
        "A batch must be a mapping of model inputs such as {'input_ids': ..., 'attention_mask': "
        f"...}} with at least one entry on the first axis, but {given} was given."
    )


def entries_of(batch: Batch, start: int, stop: int) -> Batch:
    """Return some entries of a batch."""
    if isinstance(batch, Tensor):
        return batch[start:stop]
    size = size_of(batch)
    tensors = _tensors(batch)
    return {
        name: tensors[name][start:stop] if name in tensors and len(tensors[name]) == size else each
        for name, each in batch.items()
    }


def in_chunks(batch: Batch, size: int, compute: Callable[[Batch], list[T]]) -> Iterator[T]:
    """Yield what `compute` returns for each entry, a chunk of entries at a time.

    Where memory runs out the chunks are halved, with a warning, and the computation goes on where
    it was.

    Raises
    ------
    MemoryError, RuntimeError
        There is not enough memory for a single entry.
    """
    start, total = 0, size_of(batch)
    while start < total:
        try:
            found = compute(entries_of(batch, start, start + size))
        except (MemoryError, RuntimeError) as error:
            if size == 1 or not _is_out_of_memory(error):
                raise
            halved = (min(size, total - start) + 1) // 2
            warnings.warn(
                f"Memory ran out with {size} entries at a time; going on with {halved}. Pass "
                f"chunk_size={halved} to begin with so many.",
                ResourceWarning,
                stacklevel=3,
            )
            size = halved
        else:
            yield from found
            start += size


def _tensors(batch: Mapping[str, Any]) -> dict[str, Tensor]:
    made = {}
    for name, each in batch.items():
        if isinstance(each, (str, bytes)) or not hasattr(each, "__len__"):
            continue
        tensor = torch.as_tensor(each)
        if tensor.ndim:
            made[name] = tensor
    return made


def _is_out_of_memory(error: Exception) -> bool:
    if isinstance(error, (MemoryError, torch.OutOfMemoryError)):
        return True
    return any(said in str(error).lower() for said in _NO_MEMORY)
