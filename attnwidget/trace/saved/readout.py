"""How logits depend on the residual stream, in a file."""

from collections.abc import Mapping, Sequence
from typing import Any

from attnwidget.trace.logit_readout import LogitReadout, SublayerPlace
from attnwidget.trace.saved.fields import DamagedError, Fields, flag, number, one_of, within
from attnwidget.trace.saved.outputs import read_norms, write_norms
from attnwidget.trace.saved.reader import TensorReader, in_bounds, shaped
from attnwidget.trace.saved.weights import SomeRows, some_rows
from attnwidget.trace.saved.writer import TensorWriter
from attnwidget.trace.stream import Stream

MAX_LOGITS = 1 << 40
"""Most tokens of a vocabulary."""


def write_readout(
    readout: LogitReadout, tokens: Sequence[int], writer: TensorWriter
) -> dict[str, Any]:
    """Add the tensors of a readout, with the unembedding of some tokens; return its description."""
    kept = some_rows(readout.weight, tokens)
    return {
        "chain": [{"stream": place.stream, "layer": place.layer} for place in readout.chain],
        "residual": writer.halved("readout.residual", readout.residual),
        "norms": write_norms(readout.norms, "readout.norms", writer),
        "rows": writer.rounded("readout.rows", kept.rows),
        "indices": writer.exact("readout.indices", kept.indices),
        "count": readout.num_logits,
        "bias": writer.exact("readout.bias", readout.bias),
        "scale": readout.scale,
        "capped": readout.capped,
        "position": readout.position,
    }


def read_readout(
    value: object, where: str, streams: Mapping[str, Stream], reader: TensorReader
) -> LogitReadout:
    """Read the readout of a trace with these streams."""
    fields = Fields.read(value, where)

    def place(value: object, where: str) -> SublayerPlace:
        given = Fields.read(value, where)
        name = given.one("stream", one_of(*streams))
        if not streams[name].has_outputs:
            raise DamagedError(f"{where} is of a stream without outputs")
        return SublayerPlace(name, given.one("layer", within(streams[name].num_layers)))

    chain = fields.all("chain", place)
    if not chain:
        raise DamagedError(f"{where}.chain must not be empty")
    main = streams[chain[0].stream]
    residual = fields.one("residual", reader.floating)
    if residual.ndim != 2 or len(residual) != len(main.queries):
        raise DamagedError(f"{where}.residual must have one row for each token")
    rows, width = residual.shape
    count = fields.one("count", within(MAX_LOGITS, 1))
    kept = fields.one("rows", reader.vectors)
    indices = in_bounds(fields.one("indices", reader.indices), 0, count, f"{where}.indices")
    if indices.ndim != 1 or bool((indices[1:] <= indices[:-1]).any()):
        raise DamagedError(f"{where}.indices must rise")
    bias = fields.optional("bias", reader.floating)
    return LogitReadout(
        chain,
        residual,
        read_norms(fields, "norms", rows, width, reader),
        SomeRows(shaped(kept, (len(indices), width), f"{where}.rows"), indices, count),
        None if bias is None else shaped(bias, (count,), f"{where}.bias"),
        fields.one("scale", number),
        fields.one("capped", flag),
        fields.optional("position", within(rows)),
    )
