"""Weights of a model that a file holds, as a whole or some rows of them."""

from collections.abc import Sequence

import torch
from torch import Tensor

from attnwidget.trace.model_weight import Weight
from attnwidget.trace.scaled import Vectors


class StoredWeight:
    """A whole weight.

    Parameters
    ----------
    numbers
        The weight as it is stored.
    """

    def __init__(self, numbers: Vectors) -> None:
        self.numbers = numbers

    @property
    def shape(self) -> torch.Size:
        """Shape of the weight."""
        return self.numbers.shape

    def value(self) -> Tensor:
        """Return the weight."""
        return self.numbers if isinstance(self.numbers, Tensor) else self.numbers.float()

    def row(self, index: int) -> Tensor:
        """Return one row of the weight."""
        return self.numbers[index].float()


class SomeRows:
    """Some rows of a weight, for example of the tokens that a file lists.

    Parameters
    ----------
    rows
        (m, D), the rows.
    indices
        The index of each in the weight, rising.
    count
        Number of rows of the whole weight.
    """

    def __init__(self, rows: Vectors, indices: Tensor, count: int) -> None:
        self.rows, self.indices = rows, indices
        self._count = count

    @property
    def shape(self) -> torch.Size:
        """Shape of the whole weight."""
        return torch.Size((self._count, self.rows.shape[1]))

    def value(self) -> Tensor:
        """Raise a ValueError: the whole weight is not there."""
        raise ValueError(
            f"The file holds {len(self.rows):,} of {self._count:,} rows of the unembedding. "
            "Capture the text again."
        )

    def row(self, index: int) -> Tensor:
        """Return one row of the weight."""
        place = int(torch.searchsorted(self.indices, index))
        if place == len(self.indices) or int(self.indices[place]) != index:
            raise ValueError(
                f"The file holds the unembedding of {len(self.rows):,} tokens, the likeliest at "
                f"each position, and {index} is none of them. Name one that "
                "trace.predictions(position) lists, or capture the text again."
            )
        return self.rows[place].float()


def some_rows(weight: Weight, indices: Sequence[int]) -> SomeRows:
    """Return some rows of a weight; those of a weight from a file are those that it has."""
    if isinstance(weight, SomeRows):
        return weight
    chosen = torch.tensor(list(indices), dtype=torch.int64)
    return SomeRows(weight.value()[chosen], chosen, weight.shape[0])


def stored_weight(weight: Weight) -> Vectors:
    """Return the numbers of a weight, as they are stored if they come from a file."""
    return weight.numbers if isinstance(weight, StoredWeight) else weight.value()
