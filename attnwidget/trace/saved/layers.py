"""Attention layers in a file."""

from typing import Any

from attnwidget.trace.bias import Bias, RelativeBias
from attnwidget.trace.dense import DenseLayer
from attnwidget.trace.layer import AttentionLayer
from attnwidget.trace.projected import ProjectedLayer
from attnwidget.trace.saved.cuts import read_cut, write_cut
from attnwidget.trace.saved.error import rounded_projections
from attnwidget.trace.saved.fields import (
    DamagedError,
    Fields,
    flag,
    number,
    one_of,
    positive,
    within,
)
from attnwidget.trace.saved.reader import TensorReader, in_bounds, shaped
from attnwidget.trace.saved.writer import TensorWriter
from attnwidget.trace.tiled import TiledLayer
from attnwidget.trace.tiles import NOWHERE, Inner, Tiles
from attnwidget.trace.windowed import WindowedLayer

PROJECTIONS = ("query", "key", "value")

MAX_WINDOW = 1 << 40
"""Largest width of a window."""


def write_layer(layer: AttentionLayer, name: str, writer: TensorWriter) -> dict[str, Any]:
    """Add the tensors of a layer and return its description.

    Raises
    ------
    ValueError
        The layer is of a kind that files do not hold.
    """
    if isinstance(layer, ProjectedLayer):
        return _projected(layer, name, writer)
    if isinstance(layer, DenseLayer):
        return {"kind": "dense", "weights": writer.halved(f"{name}.weights", layer.matrices)}
    if isinstance(layer, TiledLayer):
        kind = "windowed" if isinstance(layer, WindowedLayer) else "tiled"
        parts = [_tiles(part, f"{name}.{at}", writer) for at, part in enumerate(layer.parts)]
        return {"kind": kind, "parts": parts}
    raise ValueError(
        f"A file cannot hold a {type(layer).__name__}, which is a part of other traces. Save the "
        "traces that it was made of."
    )


def read_layer(
    value: object, where: str, size: tuple[int, int], reader: TensorReader
) -> AttentionLayer:
    """Read a layer with these numbers of queries and keys.

    Raises
    ------
    ValueError
        It is damaged.
    """
    fields = Fields.read(value, where)
    kind = fields.one("kind", one_of("projected", "dense", "tiled", "windowed"))
    if kind in ("projected", "dense"):
        found = _inner(kind, fields, reader)
        if (found.num_queries, found.num_keys) != size:
            raise DamagedError(
                f"{where} must have {size} queries and keys, as many as there are tokens"
            )
        return found
    parts = fields.all("parts", lambda value, where: _read_tiles(value, where, size, reader))
    if not parts or len({part.heads.shape[1] for part in parts}) > 1:
        raise DamagedError(f"{where}.parts must be tiles with the same number of heads")
    if kind == "tiled":
        return TiledLayer(parts)
    if len(parts) != 1 or not isinstance(parts[0].inner, ProjectedLayer):
        raise DamagedError(f"{where}.parts must be one, with queries, keys and values")
    return WindowedLayer(parts)


def _projected(layer: ProjectedLayer, name: str, writer: TensorWriter) -> dict[str, Any]:
    bias = layer.bias.values if isinstance(layer.bias, RelativeBias) else layer.bias
    stored = rounded_projections(layer, writer.storage)
    return {
        "kind": "projected",
        **{
            part: writer.vectors(f"{name}.{part}", vectors)
            for part, vectors in zip(PROJECTIONS, stored, strict=True)
        },
        "mask": writer.exact(f"{name}.mask", layer.mask),
        "sinks": writer.exact(f"{name}.sinks", layer.sinks),
        "bias": writer.exact(f"{name}.bias", bias),
        "bias_is_relative": isinstance(layer.bias, RelativeBias),
        "scale": layer.scale,
        "causal": layer.causal,
        "window": layer.window,
        "softcap": layer.softcap,
        "cuts": [write_cut(cut) for cut in layer.cuts],
    }


def _inner(kind: str, fields: Fields, reader: TensorReader) -> Inner:
    if kind == "dense":
        return DenseLayer(fields.one("weights", reader.floating))
    query, key, value = (fields.one(name, reader.vectors) for name in PROJECTIONS)
    if not query.ndim == key.ndim == 3:
        raise DamagedError(f"{fields.where} must have queries and keys of three axes")
    sizes = (query.shape[0], query.shape[1], key.shape[1])
    return ProjectedLayer(
        query,
        key,
        value,
        scale=fields.one("scale", number),
        mask=fields.optional("mask", reader.mask),
        causal=fields.one("causal", flag),
        window=fields.optional("window", within(MAX_WINDOW, 1)),
        bias=_bias(fields, sizes, reader),
        softcap=fields.optional("softcap", positive),
        sinks=fields.optional("sinks", reader.floating),
        cuts=fields.all("cuts", lambda value, where: read_cut(value, where, sizes)),
    )


def _bias(fields: Fields, sizes: tuple[int, int, int], reader: TensorReader) -> Bias | None:
    found = fields.optional("bias", reader.floating)
    if found is None or not fields.one("bias_is_relative", flag):
        return found
    heads, queries, keys = sizes
    rows = 1 if found.ndim and len(found) == 1 else heads
    return RelativeBias(shaped(found, (rows, queries + keys - 1), f"{fields.where}.bias"), queries)


def _tiles(tiles: Tiles, name: str, writer: TensorWriter) -> dict[str, Any]:
    indices = {
        part: writer.exact(f"{name}.{part}", getattr(tiles, part))
        for part in ("heads", "rows", "columns")
    }
    return {"inner": write_layer(tiles.inner, f"{name}.inner", writer), **indices}


def _read_tiles(value: object, where: str, size: tuple[int, int], reader: TensorReader) -> Tiles:
    fields = Fields.read(value, where)
    given = fields.one("inner", Fields.read)
    inner = _inner(given.one("kind", one_of("projected", "dense")), given, reader)
    heads, rows, columns = (fields.one(name, reader.indices) for name in _INDICES)
    if heads.ndim != 2:
        raise DamagedError(f"{where}.heads must have two axes")
    in_bounds(heads, 0, inner.num_heads, f"{where}.heads")
    shaped(rows, (len(heads), inner.num_queries), f"{where}.rows")
    shaped(columns, (len(heads), inner.num_keys), f"{where}.columns")
    in_bounds(rows, NOWHERE, size[0], f"{where}.rows")
    in_bounds(columns, NOWHERE, size[1], f"{where}.columns")
    return Tiles(inner, heads, rows, columns, *size)


_INDICES = ("heads", "rows", "columns")
