"""Load a trace from a file."""

import json
import os
from dataclasses import dataclass, replace
from typing import NoReturn

from attnwidget.trace.logit_readout import LogitReadout
from attnwidget.trace.saved.fields import DamagedError, Fields, text, within
from attnwidget.trace.saved.file import open_file
from attnwidget.trace.saved.kept import read_kept
from attnwidget.trace.saved.reader import TensorReader
from attnwidget.trace.saved.readout import read_readout
from attnwidget.trace.saved.save import VERSION
from attnwidget.trace.saved.streams import read_stream
from attnwidget.trace.saved.tokens import read_tokens
from attnwidget.trace.saved_gradients import SavedGradients
from attnwidget.trace.stream import Stream


@dataclass(frozen=True)
class Loaded:
    """The fields of a trace."""

    stacks: tuple[Stream, ...]
    model_name: str | None
    gradients: SavedGradients | None
    notes: tuple[str, ...]
    readout: LogitReadout | str


def load(path: str | os.PathLike[str]) -> Loaded:
    """Read the fields of a trace from a file; see `Trace.load`."""
    try:
        opened = open_file(path)
        fields = _parsed(opened.description)
        return _read(fields, TensorReader(opened, _orders(fields)))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{os.fspath(path)} is no trace that can be read: {error}.") from error


def _parsed(description: str) -> Fields:
    def refuse(name: str) -> NoReturn:
        raise DamagedError(f"its description has the number {name}")

    try:
        values = json.loads(description, parse_constant=refuse)
    except (json.JSONDecodeError, RecursionError) as error:
        raise DamagedError(f"its description is no JSON: {error}") from error
    return Fields.read(values, "description")


def _orders(fields: Fields) -> dict[str, tuple[int, ...]]:
    given = fields.one("permuted", Fields.read)
    return {name: given.all(name, within(8)) for name in given.values}


def _read(fields: Fields, reader: TensorReader) -> Loaded:
    version = fields.one("version", lambda value, _: value)
    if version != VERSION:
        raise DamagedError(
            f"it has version {str(version)[:20]}, and this release of attnwidget reads version "
            f"{VERSION}. Update the package (pip install -U attnwidget), or save the trace again "
            "with this release"
        )
    lists = fields.all("tokens", read_tokens)
    bare = fields.all("streams", lambda value, where: read_stream(value, where, lists, reader))
    streams = {stream.name: stream for stream in bare}
    kept = fields.optional("kept", lambda value, where: read_kept(value, where, streams, reader))
    source = None if kept is None else SavedGradients(kept, kept.targets[0].target)

    def readout(value: object, where: str) -> LogitReadout | str:
        is_reason = isinstance(value, str)
        return str(value) if is_reason else read_readout(value, where, streams, reader)

    return Loaded(
        tuple(replace(stream, gradients=source) for stream in bare),
        fields.optional("model", text),
        source,
        fields.all("notes", text),
        fields.one("readout", readout),
    )
