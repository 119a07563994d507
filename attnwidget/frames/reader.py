"""The reader of requests, which checks every field."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from attnwidget.frames.visible_rows import PAIR_FILTERS, VisibleRows
from attnwidget.methods.fusion import FUSIONS
from attnwidget.methods.named_target import NamedTarget, read_target, resolve_target
from attnwidget.methods.registry import METHODS, refusal
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.trace import Stream, Trace
from attnwidget.trace.cut import Cut, read_cuts
from attnwidget.trace.indexing import resolve_index

T = TypeVar("T", bound=str)


class Reader:
    """The fields of one request.

    Every method reads a field, or its default if it is missing, and raises `ValueError` or
    `IndexError` with a message that names the allowed values.

    Parameters
    ----------
    trace
        The trace of the request.
    want
        The request.
    """

    def __init__(self, trace: Trace, want: Mapping[str, Any]) -> None:
        self.trace = trace
        self._fields = dict(want)
        self._fields.pop("kind", None)
        self._fields.pop("after", None)  # the run that the trace is of

    def stream(self) -> Stream:
        """Read ``stream``, by default the first."""
        return self.trace[self.choice("stream", self.trace.streams)]

    def choice(self, name: str, allowed: Sequence[T]) -> T:
        """Read one of several names, by default the first."""
        value = self._fields.pop(name, allowed[0])
        for each in allowed:
            if each == value:
                return each
        raise ValueError(f"{name} must be one of {', '.join(allowed)}, but {value!r} was given.")

    def scores(self) -> ScoresOf:
        """Read all fields that identify scores.

        Raises
        ------
        IndexError
            There is no such layer, head or position.
        ValueError
            A field is not allowed, or this stream of this trace does not allow the method.
        """
        stream = self.stream()
        method = self._method(stream)
        layer = self.index("layer", stream.num_layers)
        scores = self._scores(stream, layer, method, self._heads_for(method, stream))
        return replace(scores, difference=self.flag("difference"))

    def scores_through_layers(self) -> ScoresOf:
        """Read all fields of scores except layer and heads: the top layer, heads fused."""
        stream = self.stream()
        return self._scores(stream, stream.num_layers - 1, self._method(stream), None)

    def scores_like(self, first: ScoresOf) -> ScoresOf:
        """Read the fields of scores to compare with others of the same stream."""
        stream = self.trace[first.stream]
        method = self._method(stream)
        return replace(
            first,
            layer=self.index("layer", stream.num_layers),
            heads=self._heads_for(method, stream),
            method=method,
            fusion=self.choice("fusion", FUSIONS),
        )

    def _scores(
        self, stream: Stream, layer: int, method: str, heads: tuple[int, ...] | None
    ) -> ScoresOf:
        target = self.target()
        fusion, ratio = self.choice("fusion", FUSIONS), self.ratio("discard_ratio")
        flags = self.flag("receptive_field"), self.flag("skip_first")
        return ScoresOf(stream.name, layer, heads, method, fusion, ratio, target, *flags)

    def target(self) -> NamedTarget:
        """Read ``target``, by default that of the model's head."""
        return resolve_target(read_target(self._fields.pop("target", None)), self.trace)

    def cuts(self, name: str) -> tuple[Cut, ...]:
        """Read a list of cuts, by default none."""
        value = self._fields.pop(name, None)
        return () if not value else read_cuts(value)

    def _method(self, stream: Stream) -> str:
        method = self.choice("method", tuple(METHODS))
        refused = refusal(self.trace, stream, method)
        if refused is not None:
            raise ValueError(refused)
        return method

    def _heads_for(self, method: str, stream: Stream) -> tuple[int, ...] | None:
        heads = self.heads(stream.num_heads)
        if heads is not None and not METHODS[method].per_head:
            raise ValueError(
                f"{METHODS[method].title} has no picture of single heads; pass null for heads, "
                f"which fuses all of them, but {list(heads)} was given."
            )
        return heads

    def shown(self, *, pair_filter: bool = True) -> VisibleRows:
        """Read all fields that identify visible rows, by default with ``pair_filter``."""
        return VisibleRows(
            self.scores(),
            self.flag("hide_special"),
            self.flag("hide_first"),
            self.choice("pair_filter", PAIR_FILTERS) if pair_filter else "all",
        )

    def flag(self, name: str) -> bool:
        """Read true or false, by default false."""
        value = self._fields.pop(name, False)
        if not isinstance(value, bool):
            raise ValueError(f"{name} must be true or false, but {value!r} was given.")
        return value

    def index(self, name: str, size: int) -> int:
        """Read a position on an axis, by default 0; negative ones count from the end."""
        return resolve_index(self._fields.pop(name, 0), size, name)

    def index_or_none(self, name: str, size: int) -> int | None:
        """Read a position on an axis, or None if it is missing."""
        value = self._fields.pop(name, None)
        return None if value is None else resolve_index(value, size, name)

    def node(self, name: str, levels: int, size: int) -> tuple[int, int] | None:
        """Read ``[level, index]`` of a node, or None if it is missing."""
        value = self._fields.pop(name, None)
        if value is None:
            return None
        if not isinstance(value, list | tuple) or len(value) != 2:
            raise ValueError(f"{name} must be [level, index] or null, but {value!r} was given.")
        return resolve_index(value[0], levels, "level"), resolve_index(value[1], size, "index")

    def heads(self, size: int) -> tuple[int, ...] | None:
        """Read ``heads``: distinct heads, or None for all heads fused."""
        value = self._fields.pop("heads", None)
        return None if value is None else distinct_heads(value, size)

    def amount(self, name: str, default: int, largest: int) -> int:
        """Read a whole number from 1 to `largest`."""
        value = self._fields.pop(name, default)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value <= largest:
            raise ValueError(
                f"{name} must be a whole number from 1 to {largest}, but {value!r} was given."
            )
        return value

    def ratio(self, name: str) -> float:
        """Read a number from 0 to below 1, by default 0."""
        value = self._fields.pop(name, 0.0)
        number = isinstance(value, int | float) and not isinstance(value, bool)
        if not number or not 0 <= value < 1:
            raise ValueError(f"{name} must be a number from 0 to below 1, but {value!r} was given.")
        return float(value)

    def span(self, name: str, size: int) -> tuple[int, int] | None:
        """Read ``[start, stop]``, a part of an axis that is not empty, or None for all of it."""
        value = self._fields.pop(name, None)
        if value is None:
            return None
        whole = isinstance(value, list | tuple) and all(type(each) is int for each in value)
        if not whole or len(value) != 2 or not 0 <= value[0] < value[1] <= size:
            raise ValueError(
                f"{name} must be [start, stop] with 0 <= start < stop <= {size}, or null for all, "
                f"but {value!r} was given."
            )
        return value[0], value[1]

    def part(self, name: str, fields: Sequence[str]) -> "Reader | None":
        """Read a mapping of some fields as a request of its own, or None."""
        value = self._fields.pop(name, None)
        if value is None:
            return None
        if not isinstance(value, Mapping) or not set(value) <= set(fields):
            raise ValueError(
                f"{name} must be null or a mapping of {', '.join(fields)}, but {value!r} was given."
            )
        return Reader(self.trace, value)

    def names(self, name: str) -> tuple[int | str, ...]:
        """Read a list of indices and texts, by default none."""
        value = self._fields.pop(name, [])
        listed = isinstance(value, list | tuple)
        if not listed or not all(type(each) in (int, str) for each in value):
            raise ValueError(
                f"{name} must be a list of indices and texts, but {value!r} was given."
            )
        return tuple(value)

    def text(self, name: str) -> str | None:
        """Read a text, or None if it is missing."""
        value = self._fields.pop(name, None)
        if value is not None and not isinstance(value, str):
            raise ValueError(f"{name} must be a text or null, but {value!r} was given.")
        return value

    def finish(self) -> None:
        """Refuse the fields that were not read."""
        if self._fields:
            unknown = ", ".join(map(repr, self._fields))
            raise ValueError(f"The request has fields that its kind does not know: {unknown}.")


def distinct_heads(heads: object, size: int) -> tuple[int, ...]:
    """Return a list of head numbers, counted from the front.

    Raises
    ------
    IndexError
        A head is out of range.
    ValueError
        `heads` is not a list of numbers, is empty, or names a head twice.
    """
    if isinstance(heads, str) or not isinstance(heads, Sequence):
        raise ValueError(f"heads must be a list of numbers or None, but {heads!r} was given.")
    chosen = tuple(resolve_index(head, size, "head") for head in heads)
    if not chosen:
        raise ValueError("heads is empty: name at least one head, or pass None for all, fused.")
    if len(set(chosen)) < len(chosen):
        raise ValueError(f"heads must be distinct, but {list(heads)} names a head twice.")
    return chosen
