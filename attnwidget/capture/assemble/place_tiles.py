"""Put tiles together to maps of all positions, where their layouts tell how."""

from collections.abc import Mapping, Sequence
from itertools import groupby

import torch
from torch import Tensor

from attnwidget.capture.attention.by_hand import TOLERANCE, no_shares
from attnwidget.capture.attention.layout import Layout
from attnwidget.capture.attention.located_layer import LocatedLayer
from attnwidget.capture.attention.recorder import Layer
from attnwidget.trace.dense import DenseLayer
from attnwidget.trace.projected import ProjectedLayer
from attnwidget.trace.tiled import TiledLayer
from attnwidget.trace.tiles import NOWHERE, Tiles
from attnwidget.trace.windowed import WindowedLayer


def unplaced(layers: Sequence[LocatedLayer]) -> frozenset[int]:
    """Return the numbers of the calls whose layouts are to be found.

    Beside those that are tiled these are other calls of their modules, which may have the rest of
    the map, and the same place in other blocks, where one window may be the whole or padded. An
    image may also be smaller than one window.
    """
    tiled = {_place(each.path) for each in layers if each.is_tiled or _has_windows(each)}
    return frozenset(call for call, each in enumerate(layers) if _place(each.path) in tiled)


def with_tiles_placed(
    layers: Sequence[LocatedLayer], layouts: Mapping[int, Layout]
) -> list[LocatedLayer]:
    """Return the layers, those of tiles as maps of all positions.

    Parameters
    ----------
    layers
        Every attention call, in order.
    layouts
        The layouts of calls, by their numbers.

    Returns
    -------
    list of LocatedLayer
        As many as there are layers: fewer than calls, where several calls make one map.

    Raises
    ------
    ValueError
        The place of tiles is not known, or their rows do not sum to 1.
    """
    placed: list[LocatedLayer] = []
    numbered = list(enumerate(layers))
    for _, group in groupby(numbered, lambda each: each[1].path):
        calls = list(group)
        if any(each.is_partial for _, each in calls):
            placed.append(_together(calls, layouts))
            continue
        for call, each in calls:
            layout = layouts.get(call)
            if layout is None and each.is_tiled:
                raise ValueError(_unknown(each))
            layer = each.layer if layout is None else _whole(each.layer, layout)
            grids = each.grids if layout is None else layout.grids
            placed.append(each._replace(layer=layer, grids=grids, calls=(call,)))
    return placed


def _whole(layer: Layer | TiledLayer, layout: Layout) -> Layer | TiledLayer:
    """Return tiles as a layer of all positions."""
    if layout.is_plain:
        heads = layout.heads[0].tolist()
        if isinstance(layer, DenseLayer):
            return DenseLayer(layer.matrices[heads])
        if heads == list(range(layer.num_heads)):
            return layer
    tiles = _tiles(layer, layout)
    if isinstance(layer, ProjectedLayer) and not _overlap(layout):
        return WindowedLayer((tiles,))
    return TiledLayer((tiles,))


def _together(
    calls: Sequence[tuple[int, LocatedLayer]], layouts: Mapping[int, Layout]
) -> LocatedLayer:
    """Return one layer of the calls of a module that have a part of each row."""
    first = calls[0][1]
    if not all(call in layouts for call, _ in calls):
        partial = next(each for _, each in calls if each.is_partial)
        raise ValueError(no_shares(_sums(partial.layer)))
    parts = tuple(_tiles(each.layer, layouts[call]) for call, each in calls)
    rows = torch.zeros(first.layer.num_heads, 1)
    sizes = {(part.heads.shape[1], part.num_queries) for part in parts}
    if len(sizes) == 1:
        rows = torch.zeros(*sizes.pop())
        for part in parts:
            slots = part.query_slots
            window, slot = slots // part.rows.shape[1], slots % part.rows.shape[1]
            rows += _sums(part.inner)[part.heads[window].T, slot] * (slots != NOWHERE)
    if not bool((((rows - 1).abs() <= TOLERANCE) | (rows == 0)).all()) or not rows.any():
        raise ValueError(no_shares(rows))
    numbers = tuple(call for call, _ in calls)
    grids = layouts[numbers[0]].grids
    return first._replace(layer=TiledLayer(parts), grids=grids, calls=numbers)


def _tiles(layer: Layer | TiledLayer, layout: Layout) -> Tiles:
    assert not isinstance(layer, TiledLayer)
    return Tiles(
        layer,
        layout.heads,
        layout.rows,
        layout.columns,
        layout.num_queries,
        layout.num_keys,
    )


def _overlap(layout: Layout) -> bool:
    positions = layout.columns[layout.columns != NOWHERE]
    return len(torch.unique(positions)) < len(positions)


def _sums(layer: Layer | TiledLayer) -> Tensor:
    """Return the sum of each row of a layer, (H, n_q)."""
    everything = slice(None)
    if isinstance(layer, DenseLayer):
        return layer.matrices.float().sum(-1)
    return layer.weights(everything, everything, everything).sum(-1)


def _has_windows(layer: LocatedLayer) -> bool:
    """Return whether a layer belongs to a model of images that says it has windows."""
    config = getattr(layer.role.stack, "config", None)
    reads_words = config is None or hasattr(config, "vocab_size")
    return not reads_words and any("window_size" in name for name in vars(config))


def _place(path: str) -> str:
    """Return a module's path without the numbers of lists: its place in each block."""
    return ".".join(part for part in path.split(".") if not part.isdecimal())


def _unknown(layer: LocatedLayer) -> str:
    return (
        f"The attention of {layer.path or 'a layer'} is computed within windows or parts of the "
        "input, and which positions these hold cannot be told: positions are mixed between the "
        "tensors that its modules read and return and the attention, as by a convolution. Return "
        'the weights of whole maps from a module and name it, modules="*.attn", or pass arrays '
        "to Trace.from_attentions."
    )
