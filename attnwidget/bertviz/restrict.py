"""Only some layers and heads of what was given."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import SupportsIndex

from attnwidget.trace import DenseLayer, Stream, Trace
from attnwidget.trace.selection import resolve_index


@dataclass(frozen=True)
class Restricted:
    """A trace of some of the layers and heads that were given.

    Attributes
    ----------
    trace
        Its layers are numbered anew from 0.
    layers
        For each layer of the first stream the number that the model gives it.
    num_layers
        How many layers the first stream had.
    note
        Which layers and heads these are; None where they are all.
    """

    trace: Trace
    layers: Sequence[int]
    num_layers: int
    note: str | None

    def place(self, layer: SupportsIndex) -> int:
        """Return where a layer of the model is in the trace.

        Raises
        ------
        IndexError
            The model has no such layer.
        ValueError
            It is left out.
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
    """Return a trace of the layers and heads to include; each stream keeps those it has.

    Raises
    ------
    IndexError
        No stream has such a layer or head.
    ValueError
        There are none to include, or some twice, or a stream has none of them.
    """
    most_layers = max(stream.num_layers for stream in streams)
    most_heads = max(stream.num_heads for stream in streams)
    layers = _included(include_layers, most_layers, "layer")
    heads = _included(include_heads, most_heads, "head")
    notes = [
        f"{name} {', '.join(map(str, kept))} of {size}, numbered from 0"
        for name, given, kept, size in (
            ("layers", include_layers, layers, most_layers),
            ("heads", include_heads, heads, most_heads),
        )
        if given is not None
    ]
    stacks = tuple(_kept(stream, layers, heads) for stream in streams)
    of_first = [layer for layer in layers if layer < streams[0].num_layers]
    note = "; ".join(notes) or None
    return Restricted(Trace(stacks, note), of_first, streams[0].num_layers, note)


def _included(given: Sequence[SupportsIndex] | None, size: int, axis: str) -> list[int]:
    if given is None:
        return list(range(size))
    chosen = [resolve_index(each, size, axis) for each in given]
    if not chosen:
        raise ValueError(
            f"include_{axis}s is empty, which would leave nothing to show. Name at least one "
            f"{axis}, or pass None for all of them."
        )
    if len(set(chosen)) < len(chosen):
        raise ValueError(f"include_{axis}s names a {axis} twice: {chosen}. Name each once.")
    return chosen


def _kept(stream: Stream, layers: Sequence[int], heads: Sequence[int]) -> Stream:
    its_layers = [layer for layer in layers if layer < stream.num_layers]
    its_heads = [head for head in heads if head < stream.num_heads]
    for axis, kept, named, size in (
        ("layers", its_layers, layers, stream.num_layers),
        ("heads", its_heads, heads, stream.num_heads),
    ):
        if not kept:
            raise ValueError(
                f"{stream.name}_attention has the {axis} 0 to {size - 1}, none of which is among "
                f"include_{axis} {list(named)}. Include one, or leave {stream.name}_attention out."
            )
    if its_heads == list(range(stream.num_heads)):
        return replace(stream, layers=tuple(stream.layers[layer] for layer in its_layers))
    everything = slice(None)
    return replace(
        stream,
        layers=tuple(
            DenseLayer(stream.layers[layer].weights(its_heads, everything, everything))
            for layer in its_layers
        ),
    )
