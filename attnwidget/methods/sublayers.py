"""The attention sublayers of a model, bottom to top, over one set of nodes."""

from dataclasses import dataclass

from attnwidget.methods.source import Source, as_trace
from attnwidget.trace import AttentionLayer, Indexer, Stream, Trace
from attnwidget.trace.indexing import positions, resolve


@dataclass(frozen=True)
class Sublayer:
    """One attention layer, with the nodes that it reads and the nodes that it updates.

    Attributes
    ----------
    stream
        The stream of the layer.
    layer
        Counted from 0.
    targets
        The nodes of its queries.
    sources
        The nodes of its keys; equal to `targets` in self-attention.
    num_nodes
        N: the tokens of one stack, or target tokens followed by source tokens.
    """

    stream: Stream
    layer: int
    targets: slice
    sources: slice
    num_nodes: int

    @property
    def attention(self) -> AttentionLayer:
        """The attention layer."""
        return self.stream.layers[self.layer]

    @property
    def crosses(self) -> bool:
        """True if queries and keys are different nodes."""
        return self.targets != self.sources


def sublayers(
    source: Source, *, layers: Indexer = None, stream: str | None = None
) -> list[Sublayer]:
    """Return the sublayers that a method goes through.

    Parameters
    ----------
    source
        A trace or plain arrays.
    layers
        Consecutive layers of the named stack, or of the decoder if `stream` is None (all layers of
        the encoder are then included); all if None.
    stream
        One stack to go through. None is the whole encoder-decoder: the encoder's layers, then
        self-attention and cross attention of each decoder layer, over T target tokens followed by S
        source tokens. Of other traces with several streams one has to be named.

    Raises
    ------
    IndexError
        A layer is out of range.
    ValueError
        There is no such stream, or several and none is named; the layers are not consecutive; a
        stack attends to other tokens than its own; or encoder, decoder and cross attention do not
        fit together.
    """
    trace = as_trace(source)
    if stream is None and "decoder" in trace and len(trace) > 1:
        return _encoder_decoder(trace, layers)
    if stream is None and len(trace) > 1:
        raise ValueError(
            f"This trace has the streams {', '.join(trace.streams)}, and nothing is multiplied "
            f"across them. Pass stream={trace.streams[-1]!r}, or another of them, to go through it."
        )
    name = trace.streams[0] if stream is None else stream
    if name not in trace:
        raise ValueError(
            f"stream must be one of {', '.join(trace.streams)}, or None, but {name!r} was given."
        )
    return _stack(trace[name], layers, offset=0, num_nodes=len(trace[name].queries))


def _stack(stack: Stream, layers: Indexer, *, offset: int, num_nodes: int) -> list[Sublayer]:
    num_queries, num_keys = len(stack.queries), len(stack.keys)
    if num_queries != num_keys:
        raise ValueError(
            "Layers can only follow one another where every token attends to the tokens of its "
            f"own stack, but {stack.name!r} has {num_queries} queries and {num_keys} keys. "
            "Choose another stream, or from arrays pass square matrices, or encoder, decoder and "
            "cross attention together."
        )
    nodes = slice(offset, offset + num_queries)
    chosen = _consecutive(layers, stack)
    return [Sublayer(stack, layer, nodes, nodes, num_nodes) for layer in chosen]


def _encoder_decoder(trace: Trace, layers: Indexer) -> list[Sublayer]:
    decoder = trace["decoder"]
    if "cross" not in trace:
        raise ValueError(
            f"This trace has the streams {', '.join(trace.streams)} but not 'cross', through which "
            "source tokens reach the decoder. Pass stream=... to go through one stack alone."
        )
    cross = trace["cross"]
    num_targets, num_sources = len(decoder.queries), len(cross.keys)
    num_nodes = num_targets + num_sources
    if (cross.num_layers, len(cross.queries)) != (decoder.num_layers, num_targets):
        raise ValueError(
            f"decoder has {decoder.num_layers} layers and {num_targets} queries, cross has "
            f"{cross.num_layers} layers and {len(cross.queries)} queries: they do not alternate. "
            "Pass stream='decoder' or stream='encoder' to go through one stack alone."
        )
    made = []
    if "encoder" in trace:
        encoder = trace["encoder"]
        if len(encoder.queries) != num_sources:
            raise ValueError(
                f"encoder has {len(encoder.queries)} tokens, but cross attends to {num_sources}. "
                "Pass stream='decoder' or stream='encoder' to go through one stack alone."
            )
        made += _stack(encoder, None, offset=num_targets, num_nodes=num_nodes)
    targets, sources = slice(0, num_targets), slice(num_targets, num_nodes)
    for own in _stack(decoder, layers, offset=0, num_nodes=num_nodes):
        made += [own, Sublayer(cross, own.layer, targets, sources, num_nodes)]
    return made


def _consecutive(layers: Indexer, stack: Stream) -> list[int]:
    chosen: list[int] = positions(
        resolve(layers, stack.num_layers, "layer"), stack.num_layers
    ).tolist()
    if not chosen or chosen != list(range(chosen[0], chosen[0] + len(chosen))):
        raise ValueError(
            f"layers must be consecutive, from lower to upper, but {layers!r} was given for "
            f"{stack.num_layers} layers. Pass a slice such as slice(0, {stack.num_layers}), or "
            "None for all."
        )
    return chosen
