"""Tell layers of one stack from runs and parts that have nothing to do with each other."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple, TypeAlias

from attnwidget.capture.attention.located_layer import LocatedLayer

Links: TypeAlias = Sequence[frozenset[int]]
"""For each attention call the earlier calls whose results its queries are made of."""


class Place(NamedTuple):
    """The place of an attention call among those of its role.

    Attributes
    ----------
    run
        Index among the runs of a stack that do not depend on each other, such as those of a
        module that encodes two texts.
    part
        Index among the parts of an input that do not attend to each other, such as two images.
    layer
        Calls with one number are windows of one layer, in the order of their positions.
    """

    run: int
    part: int
    layer: int


def arrange(layers: Sequence[LocatedLayer], find_links: Callable[[], Links]) -> list[Place]:
    """Return the place of each attention call.

    Parameters
    ----------
    layers
        Every attention call, in order.
    find_links
        Finds the calls that each call depends on, which takes another run of the model; asked only
        where a module was called several times, or where modules that no stack of transformers
        holds together may be parallel.
    """
    places = [Place(0, each.part, call) for call, each in enumerate(layers)]
    groups: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for call, each in enumerate(layers):
        groups[each.role.queries, each.role.keys].append(call)
    unclear = [calls for calls in groups.values() if _is_unclear([layers[call] for call in calls])]
    if not unclear:
        return places
    before = _all_before(find_links())
    for calls in unclear:
        for run, together in enumerate(_connected(calls, before)):
            for first, part, call in _parts(together, before, layers):
                places[call] = Place(run, layers[call].part + part, first)
    return places


def _is_unclear(layers: Sequence[LocatedLayer]) -> bool:
    """Return whether calls of one role may be runs or parts instead of layers."""
    first = [each for each in layers if each.part == 0]
    stack = first[0].role.stack
    count = getattr(getattr(stack, "config", None), "num_hidden_layers", None)
    if count == len(first):
        return False
    repeated = max(Counter(each.path for each in first).values()) > 1
    return repeated or (stack is None and len({_container(each.path) for each in first}) > 1)


def _container(path: str) -> str:
    """Return the part of a module's path before its first number: the list that it lies in."""
    parts = path.split(".")
    numbered = next((place for place, part in enumerate(parts) if part.isdecimal()), -1)
    return ".".join(parts[:numbered])


def _all_before(links: Links) -> list[frozenset[int]]:
    """Return for each call all calls that it depends on, directly or not."""
    before: list[frozenset[int]] = []
    for direct in links:
        before.append(direct.union(*(before[call] for call in direct)))
    return before


def _connected(calls: Iterable[int], before: Links) -> list[list[int]]:
    """Return the calls in groups that do not depend on each other."""
    groups: list[list[int]] = []
    for call in calls:
        near = [group for group in groups if before[call].intersection(group)]
        groups = [group for group in groups if group not in near]
        groups.append(sorted([call, *(each for group in near for each in group)]))
    return sorted(groups)


def _parts(
    calls: Sequence[int], before: Links, layers: Sequence[LocatedLayer]
) -> Iterator[tuple[int, int, int]]:
    """Yield each call with the first call of its layer and the index of its part.

    Calls of one depth do not depend on each other: they are parts of the input. A layer with more
    and shorter parts than another one attends within windows of those.
    """
    depths: dict[int, int] = {}
    for call in calls:
        inside = [depths[each] for each in before[call] if each in depths]
        depths[call] = max(inside, default=-1) + 1
    levels: dict[int, list[int]] = {}
    for call in calls:
        levels.setdefault(depths[call], []).append(call)
    lengths = {
        depth: [layers[call].layer.num_queries for call in level] for depth, level in levels.items()
    }
    totals: defaultdict[int, list[int]] = defaultdict(list)
    for depth, each in lengths.items():
        totals[sum(each)].append(depth)
    for depths_of_one in totals.values():
        yield from _windows(
            {depth: levels[depth] for depth in depths_of_one},
            {depth: lengths[depth] for depth in depths_of_one},
        )


def _windows(
    levels: dict[int, list[int]], lengths: dict[int, list[int]]
) -> Iterator[tuple[int, int, int]]:
    """Yield the calls of layers of one length as `_parts` does.

    Parameters
    ----------
    levels
        The calls of each depth.
    lengths
        The numbers of their queries.
    """
    coarsest = min(lengths.values(), key=len)
    if all(each == coarsest for each in lengths.values()):
        for level in levels.values():
            yield from ((call, part, call) for part, call in enumerate(level))
        return
    ends = list(accumulate(coarsest))
    for depth, level in levels.items():
        own = list(accumulate(lengths[depth]))
        if not set(ends) <= set(own):
            yield from ((call, 0, call) for call in level)
            continue
        parts = [bisect_left(ends, end) for end in own]
        for call, part in zip(level, parts, strict=True):
            yield level[parts.index(part)], part, call
