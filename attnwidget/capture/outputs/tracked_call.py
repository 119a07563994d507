"""What is known of one attention call: where its result goes."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random

import torch
from torch import Tensor

from attnwidget.capture.outputs.tags import Passage, Written
from attnwidget.trace.frozen_norm import FrozenNorm
from attnwidget.trace.mapped_tensor import detached_copy

NO_PROJECTION = "no linear layer reads what its attention function returns"
GATED = "a gate multiplies the result of its attention function before it is projected"
NO_RESIDUAL = "what it writes is not added to a residual stream that could be told apart"
NO_SUM = "its parts do not sum to what it wrote"

TOLERANCE = 1e-3
"""Largest difference of what is written, as a share of its largest number, in single precision."""

HALF_TOLERANCE = 0.1
"""The same in half precision."""

_random = Random()


@dataclass
class TrackedCall:
    """One attention call.

    Attributes
    ----------
    entries
        The entries on the first axis whose residual is kept.
    size
        Number of entries and of queries, (B, n).
    row
        The query whose sum is verified, of the first kept entry.
    sample
        (H * d_v,), the context of that query.
    written
        The linear image of the context that reaches the residual stream.
    residuals
        (n, D) of each kept entry, the stream that it is added to.
    passage
        The way of the stream after the sum, as far as it is known.
    below
        Index of the call whose stream that is; None at the bottom.
    lack
        Why nothing is known.
    """

    entries: Sequence[int]
    size: tuple[int, int]
    row: int
    sample: Tensor
    written: Written | None = None
    residuals: dict[int, Tensor] = field(default_factory=dict)
    passage: Passage = ()
    below: int | None = None
    lack: str | None = NO_PROJECTION

    @classmethod
    def of(
        cls, context: Tensor, heads_first: Callable[[Tensor], Tensor], entries: Sequence[int]
    ) -> "TrackedCall":
        """Return the call whose attention function returned `context`."""
        heads = heads_first(context)
        row = _random.randrange(heads.shape[2])
        sample = heads[entries[0], :, row].reshape(-1).clone()
        return cls(entries, (heads.shape[0], heads.shape[2]), row, sample)

    def fits(self, weight: Tensor) -> bool:
        """Return whether a linear layer can read the context of all heads side by side."""
        return weight.shape[1] == len(self.sample)

    def verify(self, tensor: Tensor, written: Written) -> bool:
        """Return whether the image of the context of one query is what was computed.

        Parameters
        ----------
        tensor
            What was computed, for all entries and queries.
        written
            How it depends on the context.
        """
        entry = self.entries[0]
        actual = self.rows_of(tensor)
        if actual is None:
            return False
        found = torch.nn.functional.linear(self.sample, written.weight, written.bias).float()
        place = entry * self.size[1] + self.row
        for norm in written.norms:
            found = norm.transform(found)
            if norm.factors is not None:
                found = found * norm.factors[place].to(found)
            if norm.bias is not None:
                found = found + norm.bias.to(found)
        expected = actual[entry, self.row].float()
        is_single = tensor.dtype in (torch.float32, torch.float64)
        largest = float(expected.abs().max())
        error = float((found - expected).abs().max())
        return error <= (TOLERANCE if is_single else HALF_TOLERANCE) * max(largest, 1e-30)

    def add(self, written: Written, residual: Tensor, below: int | None) -> None:
        """Keep what is added to a residual stream."""
        rows = self.rows_of(residual)
        if rows is None:
            self.lack = NO_RESIDUAL
            return
        self.written, self.below, self.lack = written, below, None
        self.residuals = {entry: detached_copy(rows[entry]) for entry in self.entries}

    def norms_of(self, norms: Sequence[FrozenNorm], entry: int) -> tuple[FrozenNorm, ...]:
        """Return the normalisations of one entry."""
        first = entry * self.size[1]
        return tuple(norm.of_rows(slice(first, first + self.size[1])) for norm in norms)

    def rows_of(self, tensor: Tensor) -> Tensor | None:
        """Return a tensor as (B, n, D), None if it has another layout."""
        entries, rows = self.size
        is_batch_first = tensor.ndim == 2 or entries == 1 or tensor.shape[0] == entries
        if tensor.numel() != entries * rows * tensor.shape[-1] or not is_batch_first:
            return None
        return tensor.reshape(entries, rows, tensor.shape[-1])
