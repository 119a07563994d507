"""The entries of attention that a cut takes away, as places in the streams of a trace."""

from collections.abc import Sequence
from dataclasses import dataclass

from attnwidget.trace.cut import AXES, Cut
from attnwidget.trace.indexing import Indexer, positions, resolve
from attnwidget.trace.layer_cut import LayerCut, Places
from attnwidget.trace.softmax import blocks
from attnwidget.trace.stream import Stream


@dataclass(frozen=True)
class PlacedCut:
    """A cut in one stream: the same entries of each of some layers."""

    stream: str
    layers: Places
    entries: LayerCut


def placed(cut: Cut, streams: Sequence[Stream]) -> PlacedCut:
    """Return the places of a cut.

    Parameters
    ----------
    cut
        The cut.
    streams
        The streams of the trace; a cut without a stream is one of the first.

    Raises
    ------
    IndexError
        A layer, head, query or key is out of range.
    ValueError
        There is no such stream; a slice chooses nothing; a renormalising cut takes every key, so
        that none is left to share the weight; or every weight that it takes is 0 already.
    """
    stream = _stream(cut, streams)
    sizes = (stream.num_layers, stream.num_heads, len(stream.queries), len(stream.keys))
    names = ("layer", "head", "query", "key")
    layers, heads, queries, keys = (
        _places(getattr(cut, axis), size, axis, name)
        for axis, size, name in zip(AXES, sizes, names, strict=True)
    )
    whole = len(keys) == len(stream.keys)
    if cut.mode == "renormalise" and whole:
        raise ValueError(
            f"{cut!r} takes all {len(keys)} keys of {stream.name!r}, so that none is left to share "
            'their weight. Pass mode="zero" to cut whole heads or queries, or name fewer keys.'
        )
    found = PlacedCut(stream.name, layers, LayerCut(heads, queries, keys, cut.mode, whole))
    if not _takes_weight(found, stream):
        raise ValueError(
            f"{cut!r} takes nothing away: every weight from these queries to these keys is 0, as "
            "the mask of the model forbids them. In a causal model a key is attended to by itself "
            "and by later queries; name one of these, or queries=None for all."
        )
    return found


def _stream(cut: Cut, streams: Sequence[Stream]) -> Stream:
    names = [stream.name for stream in streams]
    if cut.stream is None:
        return streams[0]
    if cut.stream not in names:
        raise ValueError(
            f"stream must be one of {', '.join(names)}, or None, but {cut!r} names {cut.stream!r}."
        )
    return streams[names.index(cut.stream)]


def _places(given: Indexer, size: int, axis: str, name: str) -> Places:
    found = resolve(given, size, name)
    places: Places = range(size)[found] if isinstance(found, slice) else tuple(sorted(set(found)))
    if not places:
        raise ValueError(
            f"{axis}={given!r} chooses none of {size}, so nothing would be cut. Pass a slice "
            f"within 0 to {size}, or None for all."
        )
    return places


def _takes_weight(cut: PlacedCut, stream: Stream) -> bool:
    """Return whether any weight that a cut takes is larger than 0."""
    entries = cut.entries
    return entries.whole or any(_any_weight(stream, layer, entries) for layer in cut.layers)


def _any_weight(stream: Stream, layer: int, entries: LayerCut) -> bool:
    heads, keys = list(entries.heads), list(entries.keys)
    # The last queries first: a causal mask allows them the most.
    rows = positions(list(reversed(entries.queries)), len(stream.queries))
    return any(
        bool(stream.attention(layer, heads, queries=block, keys=keys).any())
        for _, block in blocks(rows, len(heads) * len(stream.keys))
    )
