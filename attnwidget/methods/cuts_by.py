"""The cuts of one run for each key, head or edge."""

from collections.abc import Iterator
from typing import Literal, TypeAlias, get_args

from attnwidget.methods.rerunning import reruns_of
from attnwidget.methods.source import stream_named
from attnwidget.trace import Indexer, Stream, Trace
from attnwidget.trace.cut import Mode
from attnwidget.trace.cut_places import PlacedCut
from attnwidget.trace.indexing import positions, resolve, resolve_index
from attnwidget.trace.layer_cut import LayerCut

By: TypeAlias = Literal["key", "head", "edge"]
"""What is cut in each run."""

BYS: tuple[By, ...] = get_args(By)

PlacedAt: TypeAlias = tuple[tuple[int, ...], PlacedCut]
"""A cut, and the place of its effect in the result."""


def chosen_by(
    trace: Trace, by: By, layers: Indexer, stream: str | None, query: int | None
) -> tuple[Stream, list[int], list[int]]:
    """Return the stream, the layers and, for edges, the queries that are cut.

    Raises
    ------
    IndexError
        A layer or the query is out of range.
    ValueError
        `by` or `stream` is unknown, no layer is chosen, or an edge has no query.
    """
    if by not in BYS:
        raise ValueError(f"by must be one of {', '.join(BYS)}, but {by!r} was given.")
    predicted = "decoder" if "decoder" in trace else trace.streams[0]
    named = predicted if stream is None and by == "edge" else stream
    chosen = stream_named(trace, named)
    places: list[int] = positions(
        resolve(layers, chosen.num_layers, "layer"), chosen.num_layers
    ).tolist()
    if not places:
        raise ValueError(
            f"layers={layers!r} chooses none of {chosen.num_layers}. Pass None for all of them."
        )
    queries = [] if by != "edge" else _queries(trace, chosen, predicted, query)
    return chosen, places, queries


def cuts_by(by: By, stream: Stream, layers: list[int], queries: list[int]) -> Iterator[PlacedAt]:
    """Return the cut of each run, with the place of its effect in the result.

    Edges whose weight is 0 are left out: nothing changes without them.
    """
    return _CUTS[by](stream, layers, queries)


def _by_key(stream: Stream, layers: list[int], _: list[int]) -> Iterator[PlacedAt]:
    heads, rows = range(stream.num_heads), range(len(stream.queries))
    for key in range(len(stream.keys)):
        cut = LayerCut(heads, rows, (key,), *_mode(stream))
        yield (key,), PlacedCut(stream.name, tuple(layers), cut)


def _by_head(stream: Stream, layers: list[int], _: list[int]) -> Iterator[PlacedAt]:
    rows, keys = range(len(stream.queries)), range(len(stream.keys))
    for place, layer in enumerate(layers):
        for head in range(stream.num_heads):
            cut = LayerCut((head,), rows, keys, "zero", True)
            yield (place, head), PlacedCut(stream.name, (layer,), cut)


def _by_edge(stream: Stream, layers: list[int], queries: list[int]) -> Iterator[PlacedAt]:
    for place, layer in enumerate(layers):
        attended = stream.attention(layer, queries=queries).amax(1) > 0
        for head, key in attended.nonzero().tolist():
            cut = LayerCut((head,), tuple(queries), (key,), *_mode(stream))
            yield (place, head, key), PlacedCut(stream.name, (layer,), cut)


_CUTS = {"key": _by_key, "head": _by_head, "edge": _by_edge}


def _mode(stream: Stream) -> tuple[Mode, bool]:
    """Return the mode of a cut of one key, and whether it is the only one: nothing is left then."""
    return ("zero", True) if len(stream.keys) == 1 else ("renormalise", False)


def shape_by(by: By, stream: Stream, layers: list[int]) -> tuple[int, ...]:
    """Return the shape of the effects."""
    sizes = (len(layers), stream.num_heads, len(stream.keys))
    return {"key": sizes[2:], "head": sizes[:2], "edge": sizes}[by]


def _queries(trace: Trace, stream: Stream, predicted: str, query: int | None) -> list[int]:
    """Return the queries of edges: the one named, or those that the target is predicted at."""
    if query is not None:
        return [resolve_index(query, len(stream.queries), "query")]
    same = len(stream.queries) == len(trace[predicted].queries)
    if not same or stream.name.startswith("encoder"):
        raise ValueError(
            f"The queries of {stream.name!r} are not the positions that the model predicts at, "
            f"which are those of {predicted!r}. Pass query= to name a query, or stream=."
        )
    found = reruns_of(trace, "knockout_effects(by='edge') without a query").positions(trace.target)
    if not found:
        raise ValueError(
            "The target is not predicted at a position: the model predicts one class for the whole "
            "input, or no head predicts it. Pass query= to name the query of the edges, such as 0 "
            "for a class token."
        )
    return list(found)
