"""Restrict streams to some layers and heads."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import SupportsIndex

from attnwidget.bertviz.chosen import chosen
from attnwidget.bertviz.numbering import Kept, numbering
from attnwidget.trace import DenseLayer, Stream, Trace
from attnwidget.trace.indexing import resolve_index


@dataclass(frozen=True)
class Restricted:
    """A trace that keeps some layers and heads.

    Attributes
    ----------
    trace
        The trace, with layers and heads numbered anew from 0.
    layers
        Index in the model of each layer of the first stream.
    num_layers
        Number of layers that the first stream had.
    note
        Sentence that explains the new numbers; None if every layer and head was kept.
    """

    trace: Trace
    layers: Sequence[int]
    num_layers: int
    note: str | None

    def place(self, layer: SupportsIndex) -> int:
        """Return the index in the trace of a layer of the model.

        Raises
        ------
        IndexError
            The model has no such layer.
        ValueError
            The layer was left out.
        """
        index = resolve_index(layer, self.num_layers, "layer")
        if index not in self.layers:
            raise ValueError(
                f"layer {index} is not among include_layers {list(self.layers)}. Include it, or "
                "choose one that is."
            )
        return self.layers.index(index)


def restricted(
    streams: Sequence[Stream],
    include_layers: Sequence[SupportsIndex] | None,
    include_heads: Sequence[SupportsIndex] | None = None,
) -> Restricted:
    """Return a trace of the layers and heads to include; each stream keeps those that it has.

    Raises
    ------
    IndexError
        No stream has such a layer or head.
    ValueError
        The list is empty, names an entry twice, or a stream has none of its entries.
    """
    layers = [_kept(stream, "layer", include_layers, streams) for stream in streams]
    heads = [_kept(stream, "head", include_heads, streams) for stream in streams]
    given = [(layers, include_layers), (heads, include_heads)]
    notes = "; ".join(numbering(kept) for kept, included in given if included is not None)
    note = notes[:1].upper() + notes[1:] or None
    stacks = tuple(map(_restricted, streams, layers, heads))
    return Restricted(Trace(stacks, note), layers[0].places, layers[0].size, note)


def _kept(
    stream: Stream,
    axis: str,
    included: Sequence[SupportsIndex] | None,
    streams: Sequence[Stream],
) -> Kept:
    """Return the layers or heads that a stream keeps; the streams may have unequal numbers."""
    size = _size(stream, axis)
    if included is None:
        return Kept(stream.name, axis, list(range(size)), size)
    most = max(_size(each, axis) for each in streams)
    named = chosen(included, most, axis, f"include_{axis}s")
    places = [place for place in named if place < size]
    if not places:
        raise ValueError(
            f"{stream.name}_attention has the {axis}s 0 to {size - 1}, none of which is among "
            f"include_{axis}s {named}. Include one, or leave {stream.name}_attention out."
        )
    return Kept(stream.name, axis, places, size)


def _size(stream: Stream, axis: str) -> int:
    return stream.num_layers if axis == "layer" else stream.num_heads


def _restricted(stream: Stream, layers: Kept, heads: Kept) -> Stream:
    kept = [stream.layers[place] for place in layers.places]
    if heads.places != list(range(heads.size)):
        everything = slice(None)
        kept = [DenseLayer(layer.weights(heads.places, everything, everything)) for layer in kept]
    return replace(stream, layers=tuple(kept))
