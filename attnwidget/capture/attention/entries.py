"""The entries of a batch that belong to the traced input."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import prod

from torch import Tensor

from attnwidget.capture.inputs.forward import batch_size
from attnwidget.capture.inputs.model_inputs import ModelInputs
from attnwidget.capture.model.loaded_model import LoadedModel


@dataclass(frozen=True)
class Entries:
    """Tells the entries of the first axis of a tensor that are the traced input.

    Parameters
    ----------
    batch_index
        Entry of the batch that was asked for; None if the batch must have one entry only.
    batch
        Number of entries that the model gets.
    parts
        Numbers of parts that an input may have, such as tiles of an image, several images, or
        series. Parts do not attend to each other, and each is an attention of its own. Of any other
        number of entries each is a window of one attention.
    """

    batch_index: int | None = None
    batch: int = 1
    parts: frozenset[int] = frozenset()

    def traced(self, name: str, tensor: Tensor) -> Sequence[int]:
        """Return all entries of the traced input on the first axis of a tensor."""
        return traced_entries(self.batch_index, self.batch, name, tensor)

    def calls(self, name: str, tensor: Tensor, *, is_tiled: bool = False) -> list[Sequence[int]]:
        """Return the entries of each attention that a tensor holds.

        Parameters
        ----------
        name
            Name of the module's class, for the error.
        tensor
            Four axes, the entries first.
        is_tiled
            True if the entries are known to be windows.

        Returns
        -------
        list of sequences of int
            One for each part of the input; of windows one with all of them.
        """
        entries = self.traced(name, tensor)
        if len(entries) > 1 and (is_tiled or len(entries) not in self.parts):
            return [entries]
        return [(each,) for each in entries]


def entries_of(model: LoadedModel, inputs: ModelInputs, batch_index: int | None) -> Entries:
    """Return what tells the entries of the traced input in a run on some inputs."""
    batch = batch_size(model, inputs)
    known = {number for each in inputs.tensors.values() for number in _numbers(each)}
    parts = {number // batch for number in known if number % batch == 0}
    # Models of time series read each of several series by itself.
    parts.add(getattr(model.config, "num_input_channels", 1))
    return Entries(batch_index, batch, frozenset(parts))


def traced_entries(batch_index: int | None, batch: int, name: str, tensor: Tensor) -> Sequence[int]:
    """Return the indices of the traced input on the first axis of a tensor.

    Several are tiles of an image, several images, or windows: parts of one input that do not
    attend to each other.

    Parameters
    ----------
    batch_index
        Entry of the batch that was asked for; None if the batch must have one entry only.
    batch
        Number of entries that the model gets.
    name
        Name of the module's class, for the error.
    tensor
        Four axes, the entries first.

    Raises
    ------
    ValueError
        The tensor has other axes, or the batch has several entries and none was asked for.
    IndexError
        There is no such entry.
    """
    if tensor.ndim != 4:
        raise ValueError(
            f"{name} works on a tensor of shape {tuple(tensor.shape)}, where attention was "
            "expected to have the axes (batch, heads, tokens, head size)."
        )
    size = len(tensor)
    if size == 1:
        return (0,)
    if batch_index is None and batch > 1:
        raise ValueError(
            f"{name} attends within {size} separate entries. Pass batch_index to choose one entry "
            f"of the batch of {batch}."
        )
    if batch_index is None:
        return range(size)
    if size % batch:
        batch = size
    if not -batch <= batch_index < batch:
        raise IndexError(
            f"batch_index {batch_index} is out of range: the batch has {batch} entries, "
            f"so pass 0 to {batch - 1}."
        )
    parts = size // batch
    first = batch_index % batch * parts
    return range(first, first + parts)


def _numbers(value: object) -> set[int]:
    """Return the numbers of images, sounds or texts that an input may hold."""
    if not isinstance(value, Tensor) or value.ndim < 2:
        return set()
    # An image has three axes, and there may be one of tiles or frames before them; ids have one,
    # and there may be one of choices.
    own = 1 if not value.is_floating_point() else 3
    return {len(value), prod(value.shape[:-own])}
