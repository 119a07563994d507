"""Save a trace to a file."""

import json
import os
from collections.abc import Sequence
from typing import Protocol

from attnwidget._version import __version__
from attnwidget.trace.gradients import GradientSource
from attnwidget.trace.logit_readout import LogitReadout
from attnwidget.trace.saved.error import rounding_note
from attnwidget.trace.saved.file import write
from attnwidget.trace.saved.kept import write_kept
from attnwidget.trace.saved.readout import write_readout
from attnwidget.trace.saved.rounding import STORAGES, Storage
from attnwidget.trace.saved.streams import TokenLists, write_stream
from attnwidget.trace.saved.writer import TensorWriter
from attnwidget.trace.stream import Stream

VERSION = 1
"""Version of the description."""


class Savable(Protocol):
    """What of a trace is saved."""

    @property
    def stacks(self) -> tuple[Stream, ...]:
        """The streams."""

    @property
    def model_name(self) -> str | None:
        """Name of the model."""

    @property
    def gradients(self) -> GradientSource | None:
        """Source of gradients and predictions."""

    @property
    def notes(self) -> tuple[str, ...]:
        """What was assumed."""

    @property
    def readout(self) -> LogitReadout | str:
        """How the logits depend on the residual stream."""


def save(
    trace: Savable, path: str | os.PathLike[str], *, storage: Storage, gradients: bool
) -> None:
    """Write a trace to a file; see `Trace.save`."""
    if storage not in STORAGES:
        raise ValueError(f"dtype must be one of {', '.join(STORAGES)}, but {storage!r} was given.")
    source = trace.gradients
    if gradients:
        if source is None:
            raise ValueError(
                "gradients=True computes gradients, which need the model, and this trace was made "
                "from arrays. Leave it out, or capture the text with attnwidget.capture."
            )
        source.compute()
    kept = None if source is None else source.keep()
    tokens: Sequence[int] = () if kept is None else kept.predictions.tokens()
    lists, writer = TokenLists(), TensorWriter(storage)
    readout = trace.readout
    note = rounding_note(trace.stacks, storage)
    description = {
        "version": VERSION,
        "attnwidget": __version__,
        "model": trace.model_name,
        "notes": [*trace.notes, *([] if note is None else [note])],
        "streams": [write_stream(stream, lists, writer) for stream in trace.stacks],
        "tokens": lists.to_json(),
        "readout": readout if isinstance(readout, str) else write_readout(readout, tokens, writer),
        "kept": None if kept is None else write_kept(kept, writer),
    }
    description["permuted"] = writer.permuted
    written = json.dumps(description, separators=(",", ":"), allow_nan=False)
    write(path, writer.entries, written)
