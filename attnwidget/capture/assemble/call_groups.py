"""Group the attention calls of a run by the stream that they belong to."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import NamedTuple

from torch import nn

from attnwidget.capture.assemble.arrangement import arrange
from attnwidget.capture.assemble.padding import span_of_keys, span_of_mask
from attnwidget.capture.assemble.sources import FindLinks, Sources, links_of_layers
from attnwidget.capture.assemble.stack_tokens import StackTokens
from attnwidget.capture.assemble.stream_names import POOLED, order_of, stream_names
from attnwidget.capture.attention.layout import Grid
from attnwidget.capture.attention.located_layer import LocatedLayer
from attnwidget.trace.tiled import TiledLayer


class StreamKey(NamedTuple):
    """What the calls of one stream have in common.

    Attributes
    ----------
    queries, keys
        Names of the stacks whose positions attend and are attended to.
    run
        Index among the runs of a stack that do not depend on each other.
    part
        Index among the parts of an input that do not attend to each other.
    lengths
        Number of query and key positions, padding included.
    heads
        Number of heads.
    more_keys
        Names of the keys after those of the tokens.
    """

    queries: str
    keys: str
    run: int
    part: int
    lengths: tuple[int, int]
    heads: int
    more_keys: tuple[str, ...]


class LayerSource(NamedTuple):
    """The calls that a layer is put together from, and how.

    Attributes
    ----------
    calls
        Numbers of the calls.
    tiled
        The layer, padding included, if its calls have tiles of it; else None.
    """

    calls: tuple[int, ...]
    tiled: TiledLayer | None


@dataclass(frozen=True)
class CallGroup:
    """The attention calls that make one stream.

    Attributes
    ----------
    name
        Name of the stream.
    queries, keys
        Names of the stacks whose positions attend and are attended to.
    stacks
        The modules of both, None for an unknown one.
    layers
        For each layer the indices of its parts among all layers: one, or that of each window.
    lengths
        Number of query and key positions, padding included.
    rows, columns
        Positions of queries and keys that are no padding.
    silence
        True if the keys after these are the silence after a sound, which is attended to.
    run
        Index among the runs of its stack that do not depend on each other; None if there is one.
    part
        Index among the parts of the input that do not attend to each other.
    more_keys
        Names of the keys after those of the tokens.
    made_of
        What the queries and the keys of the first layer are made of, see `Sources`; None where the
        stacks or the lengths tell.
    sources
        The same as `layers`, with what tells where the gradients of a part come from.
    grids
        Rows and columns of the image that the queries and the keys are patches of, where known.
    """

    name: str
    queries: str
    keys: str
    stacks: tuple[nn.Module | None, nn.Module | None]
    layers: tuple[tuple[int, ...], ...]
    lengths: tuple[int, int]
    rows: slice
    columns: slice
    silence: bool
    run: int | None
    part: int
    more_keys: tuple[str, ...]
    made_of: tuple[frozenset[int] | None, frozenset[int] | None]
    sources: tuple[tuple[LayerSource, ...], ...]
    grids: tuple[Grid | None, Grid | None] = (None, None)


def group_calls(
    layers: Sequence[LocatedLayer], tokens: StackTokens, find_links: FindLinks
) -> tuple[CallGroup, ...]:
    """Return the attention calls of each stream, in the order of streams.

    Parameters
    ----------
    layers
        Every attention, from the one nearest the input to the top.
    tokens
        The tokens of each stack, with the mask of its padding.
    find_links
        Finds the calls that each call depends on; asked only where the modules do not tell which
        calls are layers of one stack.
    """
    stacks: dict[str, nn.Module | None] = {}
    for each in layers:
        stacks.setdefault(each.role.queries, each.role.stack)
    find_links = cache(partial(links_of_layers, layers, find_links))
    sources = Sources(layers, tokens, find_links)
    layers = [_with_source(each, sources, place) for place, each in enumerate(layers)]
    places = arrange(layers, lambda: find_links().before)
    windows: dict[int, list[int]] = {}
    for call, place in enumerate(places):
        windows.setdefault(place.layer, []).append(call)
    calls: dict[StreamKey, list[tuple[int, ...]]] = {}
    for first, parts in windows.items():
        role, place = layers[first].role, places[first]
        lengths = (
            sum(layers[call].layer.num_queries for call in parts),
            sum(layers[call].layer.num_keys for call in parts),
        )
        more = layers[first].more_keys
        is_other = role.keys == role.queries and lengths[0] != lengths[1] - len(more)
        # A stack of transformers pools its own tokens; any other module may read a source.
        other = "source" if role.stack is None else POOLED
        keys = f"{role.keys} {other}" if is_other else role.keys
        heads = layers[first].layer.num_heads
        key = StreamKey(role.queries, keys, place.run, place.part, lengths, heads, more)
        calls.setdefault(key, []).append(tuple(parts))

    spans: dict[tuple[str, int], slice] = {}
    silent: set[tuple[str, int]] = set()
    for key, group in calls.items():
        length = key.lengths[1]
        heard = tokens.heard(key.keys, stacks.get(key.keys), length)
        mask = tokens.mask(key.keys, length)
        attending = [layers[parts[0]].layer for parts in group if len(parts) == 1]
        spans[key.keys, length] = (
            slice(0, heard)
            if heard is not None
            else span_of_keys(attending, length)
            if mask is None
            else span_of_mask(mask)
        )
        if heard is not None:
            silent.add((key.keys, length))

    names = stream_names(
        {key: [layers[parts[0]].path for parts in group] for key, group in calls.items()}
    )
    several = {key.queries for key in calls if key.run > 0}
    made = [
        CallGroup(
            name=names[key],
            queries=key.queries,
            keys=key.keys,
            stacks=(stacks.get(key.queries), stacks.get(key.keys)),
            layers=tuple(group),
            lengths=key.lengths,
            rows=spans.get((key.queries, key.lengths[0]), slice(0, key.lengths[0])),
            columns=spans[key.keys, key.lengths[1]],
            silence=(key.keys, key.lengths[1]) in silent,
            run=key.run if key.queries in several else None,
            part=key.part,
            more_keys=key.more_keys,
            made_of=sources.of(group[0][0]) if stacks.get(key.queries) is None else (None, None),
            sources=tuple(tuple(_source(layers[part], part) for part in parts) for parts in group),
            grids=layers[group[0][0]].grids,
        )
        for key, group in calls.items()
    ]
    return tuple(sorted(made, key=lambda group: order_of(group.name)))


def _source(layer: LocatedLayer, place: int) -> LayerSource:
    tiled = layer.layer if isinstance(layer.layer, TiledLayer) else None
    return LayerSource(layer.calls or (place,), tiled)


def _with_source(layer: LocatedLayer, sources: Sources, place: int) -> LocatedLayer:
    """Return a layer whose role says that its keys are those of another input, where they are."""
    role = layer.role
    if role.stack is not None or role.keys != role.queries or not sources.crosses(place):
        return layer
    return layer._replace(role=role._replace(keys=f"{role.keys} source"))
