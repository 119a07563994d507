"""Group recorded attention calls into the streams of a Trace."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from torch import nn

from attnwidget.capture.assemble.padding import Crop, span_of_keys, span_of_mask
from attnwidget.capture.assemble.stack_tokens import StackTokens
from attnwidget.capture.attention.recorder import Layer
from attnwidget.capture.attention.roles import Role
from attnwidget.trace.gradients import GradientSource
from attnwidget.trace.stream import Stream

FIRST = ("encoder", "decoder", "text")
"""Streams that come first, in this order."""

CROSS = "cross"
"""Name of a cross-attention stream, which comes last."""


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


def group_calls(layers: Sequence[tuple[Role, Layer]], tokens: StackTokens) -> tuple[CallGroup, ...]:
    """Return the attention calls of each stream, in the order of streams.

    Parameters
    ----------
    layers
        Layers with their roles, from the one nearest the input to the top.
    tokens
        The tokens of each stack, with the mask of its padding.
    """
    stacks: dict[str, nn.Module | None] = {}
    calls: dict[tuple[str, str], list[int]] = {}
    for call, (role, _) in enumerate(layers):
        stacks.setdefault(role.queries, role.stack)
        calls.setdefault((role.queries, role.keys), []).append(call)

    spans: dict[tuple[str, int], slice] = {}
    for (_, keys), group in calls.items():
        length = layers[group[0]][1].num_keys
        mask = tokens.mask(keys, length)
        attending = [layers[call][1] for call in group]
        spans[keys, length] = (
            span_of_keys(attending, length) if mask is None else span_of_mask(mask)
        )

    made = []
    for (queries, keys), group in calls.items():
        first = layers[group[0]][1]
        lengths = first.num_queries, first.num_keys
        made.append(
            CallGroup(
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
    return tuple(sorted(made, key=_order))


def make_stream(
    group: CallGroup,
    layers: Sequence[tuple[Role, Layer]],
    tokens: StackTokens,
    gradients: GradientSource,
) -> Stream:
    """Return the stream of a group of attention calls, without padding."""
    queries = tokens.of_stack(group.queries, group.stacks[0], group.lengths[0])
    keys = tokens.of_stack(group.keys, group.stacks[1], group.lengths[1])
    crop = Crop(group.rows, group.columns)
    return Stream(
        name=group.name,
        layers=tuple(crop(layers[call][1]) for call in group.calls),
        queries=queries.part(group.rows),
        keys=keys.part(group.columns),
        gradients=gradients,
    )


def _name(queries: str, keys: str, calls: Mapping[tuple[str, str], object]) -> str:
    if queries == keys:
        return queries
    crosses = sum(query != key for query, key in calls)
    return CROSS if crosses == 1 else f"{queries} {CROSS}"


def _order(group: CallGroup) -> int:
    if group.name in FIRST:
        return FIRST.index(group.name)
    return len(FIRST) + group.name.endswith(CROSS)
