"""Recorded calls, grouped into the streams of a Trace."""

from collections.abc import Iterable, Mapping

from torch import nn

from attnwidget.capture.padding import Cut, Layer, span_of_keys, span_of_mask
from attnwidget.capture.roles import Role
from attnwidget.capture.sides import Sides, select
from attnwidget.trace.stream import Stream

FIRST, LAST = ("encoder", "decoder", "text"), "cross"
"""The order of streams; those between come as they ran."""


def streams(layers: Iterable[tuple[Role, Layer]], sides: Sides) -> tuple[Stream, ...]:
    """Return the streams of attention layers, without padding.

    Parameters
    ----------
    layers
        Each with its role, from the one nearest the input to the top.
    sides
        Names the positions.
    """
    stacks: dict[str, nn.Module | None] = {}
    groups: dict[tuple[str, str], list[Layer]] = {}
    for role, layer in layers:
        stacks.setdefault(role.queries, role.stack)
        groups.setdefault((role.queries, role.keys), []).append(layer)

    spans: dict[tuple[str, int], slice] = {}
    for (_, keys), group in groups.items():
        length = group[0].num_keys
        mask = sides.mask(keys, length)
        spans[keys, length] = span_of_keys(group, length) if mask is None else span_of_mask(mask)

    made = []
    for (queries, keys), group in groups.items():
        sizes = group[0].num_queries, group[0].num_keys
        rows = spans.get((queries, sizes[0]), slice(0, sizes[0]))
        columns = spans[keys, sizes[1]]
        made.append(
            Stream(
                name=_name(queries, keys, groups),
                layers=tuple(map(Cut(rows, columns), group)),
                queries=select(sides.tokens(queries, stacks.get(queries), sizes[0]), rows),
                keys=select(sides.tokens(keys, stacks.get(keys), sizes[1]), columns),
            )
        )
    return tuple(sorted(made, key=_place))


def _name(queries: str, keys: str, groups: Mapping[tuple[str, str], object]) -> str:
    if queries == keys:
        return queries
    crosses = sum(query != key for query, key in groups)
    return LAST if crosses == 1 else f"{queries} {LAST}"


def _place(stream: Stream) -> int:
    if stream.name in FIRST:
        return FIRST.index(stream.name)
    return len(FIRST) + stream.name.endswith(LAST)
