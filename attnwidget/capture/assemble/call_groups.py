"""Group the attention calls of a run by the stream that they belong to."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeAlias

from torch import nn

from attnwidget.capture.assemble.arrangement import Links, arrange
from attnwidget.capture.assemble.padding import span_of_keys, span_of_mask
from attnwidget.capture.assemble.stack_tokens import StackTokens
from attnwidget.capture.assemble.stream_names import order_of, stream_names
from attnwidget.capture.attention.located_layer import LocatedLayer

FindLinks: TypeAlias = Callable[[], Links]
"""Runs the model again to find the calls that each call depends on."""


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
    """

    queries: str
    keys: str
    run: int
    part: int
    lengths: tuple[int, int]


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
    calls
        Indices of the calls among all calls, in order.
    lengths
        Number of query and key positions, padding included.
    rows, columns
        Positions of queries and keys that are no padding.
    """

    name: str
    queries: str
    keys: str
    stacks: tuple[nn.Module | None, nn.Module | None]
    calls: tuple[int, ...]
    lengths: tuple[int, int]
    rows: slice
    columns: slice


def group_calls(
    layers: Sequence[LocatedLayer], tokens: StackTokens, find_links: FindLinks
) -> tuple[CallGroup, ...]:
    """Return the attention calls of each stream, in the order of streams.

    Parameters
    ----------
    layers
        Every attention call, from the one nearest the input to the top.
    tokens
        The tokens of each stack, with the mask of its padding.
    find_links
        Finds the calls that each call depends on; asked only where the modules do not tell which
        calls are layers of one stack.
    """
    stacks: dict[str, nn.Module | None] = {}
    for each in layers:
        stacks.setdefault(each.role.queries, each.role.stack)
    places = arrange(layers, find_links)
    calls: dict[StreamKey, list[int]] = {}
    for call, (each, place) in enumerate(zip(layers, places, strict=True)):
        lengths = each.layer.num_queries, each.layer.num_keys
        keys = each.role.keys
        if keys == each.role.queries and lengths[0] != lengths[1]:
            keys = f"{keys} source"
        key = StreamKey(each.role.queries, keys, place.run, place.part, lengths)
        calls.setdefault(key, []).append(call)

    spans: dict[tuple[str, int], slice] = {}
    for key, group in calls.items():
        length = key.lengths[1]
        mask = tokens.mask(key.keys, length)
        attending = [layers[call].layer for call in group]
        spans[key.keys, length] = (
            span_of_keys(attending, length) if mask is None else span_of_mask(mask)
        )

    names = stream_names(
        {key: [layers[call].path for call in group] for key, group in calls.items()}
    )
    made = [
        CallGroup(
            name=names[key],
            queries=key.queries,
            keys=key.keys,
            stacks=(stacks.get(key.queries), stacks.get(key.keys)),
            calls=tuple(group),
            lengths=key.lengths,
            rows=spans.get((key.queries, key.lengths[0]), slice(0, key.lengths[0])),
            columns=spans[key.keys, key.lengths[1]],
        )
        for key, group in calls.items()
    ]
    return tuple(sorted(made, key=lambda group: order_of(group.name)))
