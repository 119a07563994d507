"""What layers add to the residual stream, and how logits read it, in a file."""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

from attnwidget.trace.frozen_norm import FrozenNorm
from attnwidget.trace.model_weight import ModelWeight, Weight
from attnwidget.trace.saved.fields import DamagedError, Fields, flag, number
from attnwidget.trace.saved.reader import TensorReader, shaped
from attnwidget.trace.saved.writer import TensorWriter
from attnwidget.trace.sublayer_output import SublayerOutput

PLACES = ("norms", "after", "passage")
"""The fields of an output that hold normalisations."""


def write_output(output: SublayerOutput, name: str, writer: TensorWriter) -> dict[str, Any]:
    """Add the tensors of an output and return its description."""
    return {
        "weight": writer.exact(f"{name}.weight", output.weight.value()),
        "bias": None if output.bias is None else writer.exact(f"{name}.bias", output.bias.value()),
        "residual": writer.exact(f"{name}.residual", output.residual),
        **{each: write_norms(getattr(output, each), f"{name}.{each}", writer) for each in PLACES},
    }


def read_output(
    value: object, where: str, rows: int, columns: int, reader: TensorReader
) -> SublayerOutput:
    """Read an output of this many tokens, whose projection has this many columns."""
    fields = Fields.read(value, where)
    weight = fields.one("weight", reader.floating)
    if weight.ndim != 2 or weight.shape[1] != columns:
        raise DamagedError(f"{where}.weight must have {columns} columns, as wide as the values")
    width = len(weight)
    bias = fields.optional("bias", reader.floating)
    residual = shaped(fields.one("residual", reader.floating), (rows, width), f"{where}.residual")
    norms, after, passage = (read_norms(fields, each, rows, width, reader) for each in PLACES)
    return SublayerOutput(
        ModelWeight(weight),
        None if bias is None else ModelWeight(shaped(bias, (width,), f"{where}.bias")),
        norms,
        residual,
        after,
        passage,
    )


def write_norms(
    norms: Sequence[FrozenNorm], name: str, writer: TensorWriter
) -> list[dict[str, Any]]:
    """Add the tensors of normalisations and return their descriptions."""
    return [
        {
            **{
                part: writer.exact(f"{name}.{place}.{part}", getattr(norm, part))
                for part in ("weight", "bias", "factors")
            },
            "scale": norm.scale,
            "centred": norm.centred,
        }
        for place, norm in enumerate(norms)
    ]


def read_norms(
    fields: Fields, name: str, rows: int, width: int, reader: TensorReader
) -> tuple[FrozenNorm, ...]:
    """Read normalisations of this many vectors of this width."""

    def read(value: object, where: str) -> FrozenNorm:
        given = Fields.read(value, where)

        def part(of: str, size: int) -> Tensor | None:
            found = given.optional(of, reader.floating)
            return None if found is None else shaped(found, (size,), f"{where}.{of}")

        return FrozenNorm(
            part("weight", width),
            part("bias", width),
            part("factors", rows),
            given.one("scale", number),
            given.one("centred", flag),
        )

    return fields.all(name, read)


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

    def __init__(self, rows: Tensor, indices: Tensor, count: int) -> None:
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
        return self.rows[place]


def some_rows(weight: Weight, indices: Sequence[int]) -> SomeRows:
    """Return some rows of a weight; those of a weight from a file are those that it has."""
    if isinstance(weight, SomeRows):
        return weight
    chosen = torch.tensor(list(indices), dtype=torch.int64)
    return SomeRows(weight.value()[chosen], chosen, weight.shape[0])
