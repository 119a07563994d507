"""The streams of a trace in a file."""

from collections.abc import Sequence
from typing import Any

from attnwidget.trace.saved.fields import DamagedError, Fields, or_none, text, within
from attnwidget.trace.saved.layers import read_layer, write_layer
from attnwidget.trace.saved.outputs import read_output, write_output
from attnwidget.trace.saved.reader import TensorReader
from attnwidget.trace.saved.tokens import write_tokens
from attnwidget.trace.saved.writer import TensorWriter
from attnwidget.trace.stream import Stream
from attnwidget.trace.sublayer_output import SublayerOutput
from attnwidget.trace.tokens import Tokens
from attnwidget.trace.windowed import as_projected, value_size


class TokenLists:
    """The lists of tokens of all streams, each once."""

    def __init__(self) -> None:
        self.lists: list[Tokens] = []

    def place(self, tokens: Tokens) -> int:
        """Return the place of a list, which is added if it is new."""
        if tokens not in self.lists:
            self.lists.append(tokens)
        return self.lists.index(tokens)

    def to_json(self) -> list[dict[str, Any]]:
        """Return the lists for JSON."""
        return [write_tokens(each) for each in self.lists]


def write_stream(stream: Stream, lists: TokenLists, writer: TensorWriter) -> dict[str, Any]:
    """Add the tensors of a stream and return its description."""
    name = stream.name
    outputs: Any = stream.outputs
    if not isinstance(outputs, str):
        outputs = [
            write_output(each, f"{name}.{place}.output", writer)
            for place, each in enumerate(outputs)
        ]
    return {
        "name": name,
        "queries": lists.place(stream.queries),
        "keys": lists.place(stream.keys),
        "numbers": None if stream.numbers is None else list(stream.numbers),
        "layers": [
            write_layer(layer, f"{name}.{place}", writer)
            for place, layer in enumerate(stream.layers)
        ],
        "outputs": outputs,
    }


def read_stream(value: object, where: str, lists: Sequence[Tokens], reader: TensorReader) -> Stream:
    """Read a stream whose tokens are among some lists.

    Raises
    ------
    ValueError
        It is damaged.
    """
    fields = Fields.read(value, where)
    queries, keys = (lists[fields.one(side, within(len(lists)))] for side in ("queries", "keys"))
    size = len(queries), len(keys)
    layers = fields.all("layers", lambda value, where: read_layer(value, where, size, reader))
    numbers = fields.one(
        "numbers", or_none(lambda value, where: _numbers(value, where, len(layers)))
    )
    name = fields.one("name", text)

    def outputs(value: object, where: str) -> tuple[SublayerOutput, ...] | str:
        if isinstance(value, str):
            return value
        if not isinstance(value, list) or len(value) != len(layers):
            raise DamagedError(f"{where} must be a reason, or one output for each layer")
        found = []
        for place, (each, layer) in enumerate(zip(value, layers, strict=True)):
            projected = as_projected(layer, name)
            columns = projected.num_heads * value_size(projected)
            found.append(read_output(each, f"{where}[{place}]", len(queries), columns, reader))
        return tuple(found)

    return Stream(
        name, layers, queries, keys, numbers=numbers, outputs=fields.one("outputs", outputs)
    )


def _numbers(value: object, where: str, count: int) -> tuple[int, ...]:
    found = Fields({"numbers": value}, where).all("numbers", within(1 << 31))
    if len(found) != count:
        raise DamagedError(f"{where} must have one number for each layer")
    return found
