"""What was cut while a model ran, in the description of a file."""

from typing import Any, cast

from attnwidget.trace.cut import MODES, SPAN_FIELDS, Mode
from attnwidget.trace.layer_cut import LayerCut, Places
from attnwidget.trace.saved.fields import DamagedError, Fields, each_of, flag, one_of, within

AXES = ("heads", "queries", "keys")


def write_cut(cut: LayerCut) -> dict[str, Any]:
    """Return a cut for JSON."""
    axes = {axis: _written(getattr(cut, axis)) for axis in AXES}
    return {**axes, "mode": cut.mode, "whole": cut.whole}


def read_cut(value: object, where: str, sizes: tuple[int, int, int]) -> LayerCut:
    """Read a cut of a layer with these numbers of heads, queries and keys."""
    fields = Fields.read(value, where)
    heads, queries, keys = (
        _places(fields.one(axis, _anything), f"{where}.{axis}", size)
        for axis, size in zip(AXES, sizes, strict=True)
    )
    mode = cast("Mode", fields.one("mode", one_of(*MODES)))
    return LayerCut(heads, queries, keys, mode, fields.one("whole", flag))


def _anything(value: object, _where: str) -> object:
    return value


def _written(places: Places) -> Any:
    if not isinstance(places, range):
        return list(places)
    return {"start": places.start, "stop": places.stop, "step": places.step}


def _places(value: object, where: str, size: int) -> Places:
    if not isinstance(value, dict):
        return each_of(value, where, within(size))
    fields = Fields.read(value, where)
    start, stop, step = (fields.one(name, within(size + 1, -size - 1)) for name in SPAN_FIELDS)
    found = range(start, stop, step) if step else range(0)
    if found and not (min(found[0], found[-1]) >= 0 and max(found[0], found[-1]) < size):
        raise DamagedError(f"{where} must lie within 0 to {size - 1}")
    return found
