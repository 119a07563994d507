"""Tell layers of one stack from runs and parts that have nothing to do with each other."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Sequence
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
    """

    run: int
    part: int


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
    places = [Place(0, each.part) for each in layers]
    groups: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for call, each in enumerate(layers):
        groups[each.role.queries, each.role.keys].append(call)
    unclear = [calls for calls in groups.values() if _is_unclear([layers[call] for call in calls])]
    if not unclear:
        return places
    before = _all_before(find_links())
    for calls in unclear:
        for run, together in enumerate(_connected(calls, before)):
            parts = _parts(together, before)
            for call in together:
                places[call] = Place(run, layers[call].part + parts[call])
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


def _parts(calls: Sequence[int], before: Links) -> dict[int, int]:
    """Return the index of each call among those of its depth, which do not depend on each other."""
    depths: dict[int, int] = {}
    seen: Counter[int] = Counter()
    parts = {}
    for call in calls:
        inside = [depths[each] for each in before[call] if each in depths]
        depths[call] = max(inside, default=-1) + 1
        parts[call] = seen[depths[call]]
        seen[depths[call]] += 1
    return parts
