"""From a request to its frame."""

from collections.abc import Callable, Mapping
from typing import Any

from attnwidget.frames.frame import Frame
from attnwidget.frames.neuron import NeuronWant, neuron_frame
from attnwidget.frames.reader import Reader
from attnwidget.frames.rows import RowsWant, rows_frame
from attnwidget.frames.summary import SummaryWant, summary_frame
from attnwidget.frames.thumbnails import ThumbnailsWant, thumbnails_frame
from attnwidget.trace import Trace

KINDS: dict[str, tuple[Callable[[Reader], Any], Callable[[Trace, Any], Frame]]] = {
    "rows": (RowsWant.read, rows_frame),
    "summary": (SummaryWant.read, summary_frame),
    "thumbnails": (ThumbnailsWant.read, thumbnails_frame),
    "neuron": (NeuronWant.read, neuron_frame),
}
"""How each kind of request is read and answered; a kind is added here."""


def make_frame(trace: Trace, want: object) -> Frame:
    """Make the frame that answers a request.

    Parameters
    ----------
    trace
        What the request is about.
    want
        The request, a mapping as docs/internals.md lists it. Fields that are left out mean the
        first stream, layer 0, every head fused, nothing hidden.

    Raises
    ------
    IndexError
        There is no such layer, head or query.
    ValueError
        The kind or a field is unknown, or a field's value is not allowed.
    """
    if not isinstance(want, Mapping):
        raise ValueError(f"A request must be a mapping with a kind, but {want!r} was given.")
    kind = want.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}, but {kind!r} was given.")
    read, answer = KINDS[kind]
    reader = Reader(trace, want)
    parsed = read(reader)
    reader.finish()
    return answer(trace, parsed)
