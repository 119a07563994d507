"""What layers add to the residual stream, and how logits read it, in a file."""

from collections.abc import Sequence
from typing import Any

from torch import Tensor

from attnwidget.trace.frozen_norm import FrozenNorm
from attnwidget.trace.model_weight import ModelWeight
from attnwidget.trace.saved.fields import DamagedError, Fields, flag, number
from attnwidget.trace.saved.reader import TensorReader, shaped
from attnwidget.trace.saved.weights import StoredWeight, stored_weight
from attnwidget.trace.saved.writer import TensorWriter
from attnwidget.trace.sublayer_output import SublayerOutput

PLACES = ("norms", "after", "passage")
"""The fields of an output that hold normalisations."""


def write_output(output: SublayerOutput, name: str, writer: TensorWriter) -> dict[str, Any]:
    """Add the tensors of an output and return its description."""
    return {
        "weight": writer.rounded(f"{name}.weight", stored_weight(output.weight)),
        "bias": None if output.bias is None else writer.exact(f"{name}.bias", output.bias.value()),
        "residual": writer.halved(f"{name}.residual", output.residual),
        **{each: write_norms(getattr(output, each), f"{name}.{each}", writer) for each in PLACES},
    }


def read_output(
    value: object, where: str, rows: int, columns: int, reader: TensorReader
) -> SublayerOutput:
    """Read an output of this many tokens, whose projection has this many columns."""
    fields = Fields.read(value, where)
    weight = fields.one("weight", reader.vectors)
    if weight.ndim != 2 or weight.shape[1] != columns:
        raise DamagedError(f"{where}.weight must have {columns} columns, as wide as the values")
    width = len(weight)
    bias = fields.optional("bias", reader.floating)
    residual = shaped(fields.one("residual", reader.floating), (rows, width), f"{where}.residual")
    norms, after, passage = (read_norms(fields, each, rows, width, reader) for each in PLACES)
    return SublayerOutput(
        StoredWeight(weight),
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
