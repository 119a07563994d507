"""A cut: attention that is taken away, as plain data."""

import operator
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from typing import Any, Literal, TypeAlias, cast, get_args

from attnwidget.trace.indexing import Indexer

Mode: TypeAlias = Literal["renormalise", "zero", "mean"]
"""What takes the place of the attention that is cut."""

MODES: tuple[Mode, ...] = get_args(Mode)

AXES = ("layers", "heads", "queries", "keys")

SPAN_FIELDS = ("start", "stop", "step")


@dataclass(frozen=True, repr=False)
class Cut:
    """Attention to take away: every entry of the chosen layers, heads, queries and keys.

    A cut is plain data: it is compared and hashed by what it holds, and `to_json` and `from_json`
    turn it into a mapping and back. `attnwidget.knockout` applies it.

    Parameters
    ----------
    layers, heads, queries, keys
        An index, a list of indices or a slice; negative ones count from the end. None chooses all.
    stream
        The name of the stream; the trace's first one if None.
    mode
        ``"renormalise"`` forbids the entries before the softmax, so that the other keys (and a
        learned sink) share their weight; ``"zero"`` sets the weights to 0 after the softmax, and
        the others stay as they are; ``"mean"`` replaces the output of whole heads, before the
        output projection, by its mean over the positions.

    Raises
    ------
    ValueError
        The mode is unknown, an axis holds something else than whole numbers or nothing at all, or
        queries or keys are named for ``"mean"``.
    """

    layers: Indexer = None
    heads: Indexer = None
    queries: Indexer = None
    keys: Indexer = None
    _: KW_ONLY
    stream: str | None = None
    mode: Mode = "renormalise"

    def __post_init__(self) -> None:
        for axis in AXES:
            object.__setattr__(self, axis, _picked(getattr(self, axis), axis))
        if self.stream is not None and not isinstance(self.stream, str):
            raise ValueError(f"stream must be a name or None, but {self.stream!r} was given.")
        if self.mode not in MODES:
            modes = ", ".join(MODES)
            raise ValueError(f"mode must be one of {modes}, but {self.mode!r} was given.")
        if self.mode == "mean" and not (self.queries is None and self.keys is None):
            raise ValueError(
                'mode="mean" replaces the output of whole heads, so queries and keys must be None, '
                f"but queries={self.queries!r} and keys={self.keys!r} were given. Leave them out, "
                'or take mode="renormalise" or "zero".'
            )

    def __hash__(self) -> int:
        picked = (_hashable(getattr(self, axis)) for axis in AXES)
        return hash((*picked, self.stream, self.mode))

    def __repr__(self) -> str:
        given = {axis: getattr(self, axis) for axis in AXES} | {"stream": self.stream}
        named = [f"{name}={value!r}" for name, value in given.items() if value is not None]
        mode = [] if self.mode == "renormalise" else [f"mode={self.mode!r}"]
        return f"Cut({', '.join(named + mode)})"

    def to_json(self) -> dict[str, Any]:
        """Return the cut as a mapping of names, lists, numbers and None."""
        picked = {axis: _plain(getattr(self, axis)) for axis in AXES}
        return {"stream": self.stream, **picked, "mode": self.mode}

    @classmethod
    def from_json(cls, fields: Mapping[str, Any]) -> "Cut":
        """Make a cut of a mapping as `to_json` returns it; what is left out has its default.

        Raises
        ------
        ValueError
            A field is unknown, or a value is no part of a cut.
        """
        known = {"stream", *AXES, "mode"}
        if not set(fields) <= known:
            raise ValueError(
                f"A cut has the fields {', '.join(sorted(known))}, but "
                f"{', '.join(sorted(map(str, set(fields) - known)))} was given."
            )
        picked = {axis: _from_plain(fields.get(axis)) for axis in AXES}
        mode = cast("Mode", fields.get("mode", "renormalise"))
        return cls(**picked, stream=fields.get("stream"), mode=mode)


def read_cuts(cuts: object) -> tuple[Cut, ...]:
    """Return cuts given as one cut, a mapping as `Cut.to_json` returns it, or several of these.

    Raises
    ------
    ValueError
        There are none, or one is neither a cut nor a mapping.
    """
    several = cuts if isinstance(cuts, Sequence) and not isinstance(cuts, str) else (cuts,)
    if not several:
        raise ValueError("cuts is empty, so nothing would change. Pass at least one Cut.")
    return tuple(map(_read_cut, several))


def _read_cut(given: object) -> Cut:
    if isinstance(given, Cut):
        return given
    if isinstance(given, Mapping):
        return Cut.from_json(given)
    raise ValueError(
        "cuts must be a Cut, a mapping such as Cut(...).to_json(), or a list of them, but "
        f"{given!r} of type {type(given).__name__} was given."
    )


def _picked(given: Any, axis: str) -> Indexer:
    """Return an indexer as None, a slice of whole numbers or a tuple of whole numbers."""
    if given is None:
        return None
    if isinstance(given, slice):
        return slice(*(_number_or_none(getattr(given, name), axis) for name in SPAN_FIELDS))
    entries: Any = given.tolist() if hasattr(given, "tolist") else given
    if isinstance(entries, Iterable) and not isinstance(entries, (str, Mapping)):
        numbers = tuple(_number(each, axis) for each in entries)
    else:
        numbers = (_number(entries, axis),)
    if not numbers:
        raise ValueError(f"{axis}=[] chooses none, so nothing would be cut. Pass None for all.")
    return numbers


def _number(given: Any, axis: str) -> int:
    if isinstance(given, bool) or not hasattr(given, "__index__"):
        raise ValueError(
            f"{axis} must be a whole number, a list of them, a slice or None, but {given!r} was "
            "given."
        )
    return operator.index(given)


def _number_or_none(given: Any, axis: str) -> int | None:
    return None if given is None else _number(given, axis)


def _hashable(picked: Any) -> object:
    return (slice, *_bounds(picked)) if isinstance(picked, slice) else picked


def _plain(picked: Any) -> object:
    if isinstance(picked, slice):
        return dict(zip(SPAN_FIELDS, _bounds(picked), strict=True))
    return None if picked is None else list(picked)


def _from_plain(value: Any) -> Any:
    if not isinstance(value, Mapping):
        return value
    if not set(value) <= set(SPAN_FIELDS):
        raise ValueError(
            f"A slice has the fields {', '.join(SPAN_FIELDS)}, but {dict(value)!r} was given."
        )
    return slice(*(value.get(name) for name in SPAN_FIELDS))


def _bounds(span: slice) -> tuple[int | None, int | None, int | None]:
    return span.start, span.stop, span.step
