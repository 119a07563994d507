"""The selection: what the widget shows, as synced traits that fit its trace."""

from typing import Any

from traitlets import Bool, Bunch, Enum, HasTraits, TraitError, Unicode, validate

from attnwidget.frames import METHODS, PAIR_FILTERS, ScoresOf, Shown
from attnwidget.frames.reader import distinct_heads
from attnwidget.methods.fusion import FUSIONS
from attnwidget.trace import Stream, Trace
from attnwidget.trace.selection import resolve_index
from attnwidget.widget.traits import Index, Indices, Pins, Share

VIEWS = ("head", "model", "neuron")
"""The views; one is added here and in the front end."""


class Selection(HasTraits):
    """The traits that Python and the browser agree on; docs/internals.md says what each means.

    The browser may write every one of them. Its writes are echoed (ipywidgets' default), which
    keeps several browsers on one kernel together; the front end drops echoes older than its last
    write, so nothing flickers.

    Values are checked against the trace when they are assigned, or together when a
    `hold_trait_notifications` block or a message of the browser ends. If one of them is refused,
    none is taken.
    """

    _trace: Trace | None = None

    view = Enum(VIEWS, "head").tag(sync=True)
    stream = Unicode().tag(sync=True)
    layer = Index().tag(sync=True)
    heads = Indices(allow_none=True).tag(sync=True)
    method = Enum(tuple(METHODS), "attention").tag(sync=True)
    fusion = Enum(FUSIONS, "mean").tag(sync=True)
    tokens_selected = Pins().tag(sync=True)
    hide_special = Bool(False).tag(sync=True)
    hide_first = Bool(False).tag(sync=True)
    pair_filter = Enum(PAIR_FILTERS, "all").tag(sync=True)
    coverage = Share(0.8).tag(sync=True)
    thumbnails = Enum(("lines", "matrix"), "lines").tag(sync=True)
    theme = Enum(("auto", "light", "dark"), "auto").tag(sync=True)

    @property
    def trace(self) -> Trace:
        """The trace that is shown.

        Raises
        ------
        ValueError
            The widget was closed, which frees the trace.
        """
        if self._trace is None:
            raise ValueError("This widget was closed and holds no trace; make a new one.")
        return self._trace

    @property
    def current_stream(self) -> Stream:
        """The stream that is shown.

        Raises
        ------
        TraitError
            The trace has no stream of that name: several traits are being assigned, and will not
            be taken.
        """
        return self._stream_named(self.stream)

    @property
    def shown(self) -> Shown:
        """Which rows are shown."""
        heads = None if self.heads is None else tuple(self.heads)
        scores = ScoresOf(self.stream, self.layer, heads, self.method, self.fusion)
        return Shown(scores, self.hide_special, self.hide_first, self.pair_filter)

    def fit_to_stream(self) -> None:
        """Reduce layer, heads, pins, filter and view to what the stream has."""
        stream = self.current_stream
        heads = [head for head in self.heads or () if head < stream.num_heads]
        with self.hold_trait_notifications():
            self.layer = min(self.layer, stream.num_layers - 1)
            self.heads = heads or None
            self.tokens_selected = [
                pin for pin in self.tokens_selected if pin["index"] < _length(stream, pin["side"])
            ]
            if not _has_pair(stream):
                self.pair_filter = "all"
            if self.view == "neuron" and not stream.has_projections:
                self.view = "head"

    def _stream_named(self, name: str) -> Stream:
        if name not in self.trace:
            known = ", ".join(self.trace.streams)
            raise TraitError(f"stream must be one of {known}, but {name!r} was given.")
        return self.trace[name]

    @validate("stream")
    def _known_stream(self, proposal: Bunch) -> str:
        return self._stream_named(proposal.value).name

    @validate("layer")
    def _layer_in_range(self, proposal: Bunch) -> int:
        return _in_range(proposal.value, self.current_stream.num_layers, "layer")

    @validate("heads")
    def _heads_in_range(self, proposal: Bunch) -> list[int] | None:
        if proposal.value is None:
            return None
        try:
            return list(distinct_heads(proposal.value, self.current_stream.num_heads))
        except (IndexError, ValueError) as error:
            raise TraitError(str(error)) from error

    @validate("tokens_selected")
    def _pins_in_range(self, proposal: Bunch) -> list[dict[str, Any]]:
        pins: list[dict[str, Any]] = []
        for pin in proposal.value:
            side = pin["side"]
            length = _length(self.current_stream, side)
            index = _in_range(pin["index"], length, side)
            if {"side": side, "index": index} not in pins:
                pins.append({"side": side, "index": index})
        return pins

    @validate("pair_filter")
    def _pair_for_filter(self, proposal: Bunch) -> str:
        if proposal.value != "all" and not _has_pair(self.current_stream):
            raise TraitError(
                f"pair_filter {proposal.value!r} needs a pair of texts, but the stream "
                f"{self.stream!r} has one text only. Capture with text_pair, or pass 'all'."
            )
        return str(proposal.value)

    @validate("view")
    def _projections_for_neurons(self, proposal: Bunch) -> str:
        if proposal.value == "neuron" and not self.current_stream.has_projections:
            raise TraitError(
                f"The neuron view needs query and key vectors, but the stream {self.stream!r} "
                "holds attention weights only: it was made from arrays, or of a model whose "
                "attention cannot be intercepted. The other views are head and model."
            )
        return str(proposal.value)


def _length(stream: Stream, side: str) -> int:
    return len(stream.queries if side == "query" else stream.keys)


def _has_pair(stream: Stream) -> bool:
    return stream.queries.has_pair or stream.keys.has_pair


def _in_range(index: int, size: int, axis: str) -> int:
    try:
        return resolve_index(index, size, axis)
    except IndexError as error:
        raise TraitError(str(error)) from error
