"""The entries of a batch that belong to the traced input."""

from collections.abc import Sequence

from torch import Tensor


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
