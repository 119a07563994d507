"""Say how much attention goes to padding with which a model fills its windows."""

from collections.abc import Iterator, Sequence

from attnwidget.capture.assemble.call_groups import CallGroup
from attnwidget.capture.attention.located_layer import LocatedLayer
from attnwidget.trace.tiled import TiledLayer
from attnwidget.trace.tiles import NOWHERE, Tiles

NEGLIGIBLE = 1e-4
"""Largest share of a row that is not worth a note."""


def padded_windows(groups: Sequence[CallGroup], layers: Sequence[LocatedLayer]) -> Iterator[str]:
    """Yield a note on each stream in which queries attend to padding within their windows."""
    for group in groups:
        tiled = (layers[place].layer for parts in group.layers for place in parts)
        parts = [part for layer in tiled if isinstance(layer, TiledLayer) for part in layer.parts]
        share = max(map(_padding_share, parts), default=0.0)
        if share > NEGLIGIBLE:
            yield (
                f"windows of {group.name!r} hold padding that the model does not mask: up to "
                f"{share:.0%} of a row goes to it and to no position, so such rows sum to less "
                "than 1"
            )


def _padding_share(tiles: Tiles) -> float:
    """Return the largest share of a query's attention that goes to slots of no position."""
    largest = 0.0
    for window in (tiles.columns == NOWHERE).any(1).nonzero().flatten().tolist():
        rows = (tiles.rows[window] != NOWHERE).nonzero().flatten().tolist()
        padding = tiles.columns[window] == NOWHERE
        every = slice(0, len(padding))
        weights = tiles.inner.weights(tiles.heads[window].tolist(), rows, every)
        if weights.numel():
            largest = max(largest, float(weights[:, :, padding].sum(-1).max()))
    return largest
