"""The inputs of one forward pass."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import torch
from torch import Tensor


@dataclass(frozen=True)
class ModelInputs:
    """Inputs of a forward pass.

    Attributes
    ----------
    tensors
        Arguments of the forward pass by name.
    positional
        Names among `tensors` that are passed by position, to a module with other names for them.
    words
        For each of ``input_ids`` the word it is part of, None for special tokens; empty if unknown.
    segments
        For each of ``input_ids`` the text of a pair that it belongs to; empty without a pair.
    tokenizer
        The tokenizer that reads the ids; None if they are to be shown as numbers.
    entry
        Index of the traced entry, if the model gets a whole batch.
    size
        Number of entries that the model gets.
    written
        The first of the text's ids that the model wrote: of ``decoder_input_ids`` where there are
        any, else of ``input_ids``. None if it wrote none of them.
    silence
        True if the silence after a sound is to be shown.
    notes
        What was changed about the input on the way, in words.
    texts
        The text, or the two of a pair, as they were given; empty if ids or something else was.
    decoder_text
        The text that the decoder was given; None if it was given none.
    """

    tensors: dict[str, Any]
    positional: tuple[str, ...] = ()
    words: Sequence[int | None] = ()
    segments: Sequence[int] = ()
    tokenizer: Any = None
    entry: int = 0
    size: int = 1
    written: int | None = None
    silence: bool = False
    notes: tuple[str, ...] = ()
    texts: tuple[str, ...] = ()
    decoder_text: str | None = None

    def ids(self, name: str) -> list[int] | None:
        """Return the token ids (n,) of the traced entry, None if there are none."""
        ids = self.tensors.get(name)
        if not isinstance(ids, Tensor) or ids.ndim != 2:
            return None
        ids = ids[self.entry if len(ids) > 1 else 0].tolist()
        return [int(each) for each in ids]

    def first_written(self, ids: Sequence[int], name: str) -> int | None:
        """Return the first id that the model wrote, of the ids that a stack reads.

        Parameters
        ----------
        ids
            The ids.
        name
            Name of the stack; ``"decoder"`` reads the decoder's inputs.
        """
        is_decoded = "decoder_input_ids" in self.tensors
        if self.written is None or is_decoded != (name == "decoder"):
            return None
        source = "decoder_input_ids" if is_decoded else "input_ids"
        return self.written if list(ids) == self.ids(source) else None

    @property
    def entries(self) -> int | None:
        """Number of entries on the first axis of the tensors; None if it cannot be told.

        Whole numbers of two axes are ids of a batch, but two axes of a floating tensor may be one
        entry's tokens and features.
        """
        sizes = {
            len(each)
            for each in self.tensors.values()
            if isinstance(each, Tensor)
            if each.ndim > 2 or (each.ndim == 2 and not each.is_floating_point())
        }
        return sizes.pop() if len(sizes) == 1 else None

    @property
    def length(self) -> int:
        """Number of token ids, 0 if there are none."""
        return len(self.ids("input_ids") or ())

    def adding(self, **tensors: Any) -> "ModelInputs":
        """Return the inputs with some more tensors."""
        return replace(self, tensors={**self.tensors, **tensors})

    def without_inference(self) -> "ModelInputs":
        """Return the inputs without inference tensors, which cannot be part of a graph."""
        tensors = {
            name: each.clone() if isinstance(each, Tensor) and each.is_inference() else each
            for name, each in self.tensors.items()
        }
        return replace(self, tensors=tensors)

    def to(self, device: torch.device, dtype: torch.dtype) -> "ModelInputs":
        """Return the inputs on a device, with floating tensors in `dtype`."""

        def moved(value: Any) -> Any:
            if not isinstance(value, Tensor):
                return value
            return value.to(device, dtype if value.is_floating_point() else value.dtype)

        tensors = {name: moved(value) for name, value in self.tensors.items()}
        return replace(self, tensors=tensors)
