"""Recorded calls, grouped into the streams of a Trace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from torch import nn

from attnwidget.capture.assemble.padding import Cut, span_of_keys, span_of_mask
from attnwidget.capture.assemble.stack_tokens import Sides, select
from attnwidget.capture.attention.recorder import Layer
from attnwidget.capture.attention.roles import Role
from attnwidget.trace.gradients import GradientSource
from attnwidget.trace.stream import Stream

FIRST, LAST = ("encoder", "decoder", "text"), "cross"
"""The order of streams; those between come as they ran."""


@dataclass(frozen=True)
class Group:
    """The attention calls that make one stream.

    Attributes
    ----------
    name
        Of the stream.
    queries, keys
        Names of the stacks whose positions attend and are attended to.
    stacks
        The modules of both, None where a model does not say them.
    calls
        Which of all calls, in order.
    lengths
        Number of query and key positions, padding included.
    rows, columns
        The positions that are no padding.
    """

    name: str
    queries: str
    keys: str
    stacks: tuple[nn.Module | None, nn.Module | None]
    calls: tuple[int, ...]
    lengths: tuple[int, int]
    rows: slice
    columns: slice


def grouped(layers: Sequence[tuple[Role, Layer]], sides: Sides) -> tuple[Group, ...]:
    """Return which attention calls belong together, in the order of streams.

    Parameters
    ----------
    layers
        Each with its role, from the one nearest the input to the top.
    sides
        Knows the padding.
    """
    stacks: dict[str, nn.Module | None] = {}
    calls: dict[tuple[str, str], list[int]] = {}
    for call, (role, _) in enumerate(layers):
        stacks.setdefault(role.queries, role.stack)
        calls.setdefault((role.queries, role.keys), []).append(call)

    spans: dict[tuple[str, int], slice] = {}
    for (_, keys), group in calls.items():
        length = layers[group[0]][1].num_keys
        mask = sides.mask(keys, length)
        attending = [layers[call][1] for call in group]
        spans[keys, length] = (
            span_of_keys(attending, length) if mask is None else span_of_mask(mask)
        )

    made = []
    for (queries, keys), group in calls.items():
        first = layers[group[0]][1]
        lengths = first.num_queries, first.num_keys
        made.append(
            Group(
                name=_name(queries, keys, calls),
                queries=queries,
                keys=keys,
                stacks=(stacks.get(queries), stacks.get(keys)),
                calls=tuple(group),
                lengths=lengths,
                rows=spans.get((queries, lengths[0]), slice(0, lengths[0])),
                columns=spans[keys, lengths[1]],
            )
        )
    return tuple(sorted(made, key=_place))


def stream(
    group: Group,
    layers: Sequence[tuple[Role, Layer]],
    sides: Sides,
    gradients: GradientSource,
) -> Stream:
    """Return the stream of a group of attention calls, without padding."""
    queries = sides.tokens(group.queries, group.stacks[0], group.lengths[0])
    keys = sides.tokens(group.keys, group.stacks[1], group.lengths[1])
    cut = Cut(group.rows, group.columns)
    return Stream(
        name=group.name,
        layers=tuple(cut(layers[call][1]) for call in group.calls),
        queries=select(queries, group.rows),
        keys=select(keys, group.columns),
        gradients=gradients,
    )


def _name(queries: str, keys: str, calls: Mapping[tuple[str, str], object]) -> str:
    if queries == keys:
        return queries
    crosses = sum(query != key for query, key in calls)
    return LAST if crosses == 1 else f"{queries} {LAST}"


def _place(group: Group) -> int:
    if group.name in FIRST:
        return FIRST.index(group.name)
    return len(FIRST) + group.name.endswith(LAST)
