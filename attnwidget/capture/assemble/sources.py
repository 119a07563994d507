"""Tell what the queries and the keys of modules of no library are made of."""

from collections.abc import Callable, Sequence
from typing import NamedTuple, TypeAlias

from attnwidget.capture.assemble.stack_tokens import StackTokens
from attnwidget.capture.attention.located_layer import LocatedLayer

Sets: TypeAlias = Sequence[frozenset[int]]
"""One set of numbers for each attention call."""


class CallLinks(NamedTuple):
    """What each attention call of a run is made of, directly or through other calls.

    Attributes
    ----------
    before
        The nearest earlier calls whose results its queries are made of.
    queries, keys
        The sources that its queries and its keys are made of: lookups of token ids by their
        number, and inputs of floating numbers, which count down from -1.
    """

    before: Sets
    queries: Sets
    keys: Sets


FindLinks: TypeAlias = Callable[[], CallLinks]
"""Runs the model again to find what each call is made of."""


def links_of_layers(layers: Sequence[LocatedLayer], find_links: FindLinks) -> CallLinks:
    """Return what each layer is made of, given that of calls.

    A layer may be put together from several calls, whose numbers are then those of `calls`.
    """
    links = find_links()
    layer_of = {call: place for place, each in enumerate(layers) for call in each.calls}
    if not layer_of:
        return links
    before = [{layer_of[call] for call in _union(links.before, each)} for each in layers]
    return CallLinks(
        [frozenset(each - {place}) for place, each in enumerate(before)],
        [_union(links.queries, each) for each in layers],
        [_union(links.keys, each) for each in layers],
    )


def _union(sets: Sets, layer: LocatedLayer) -> frozenset[int]:
    return frozenset().union(*(sets[call] for call in layer.calls))


class Sources:
    """What calls of modules of no library read, where the lengths alone do not tell.

    Parameters
    ----------
    layers
        Every attention call.
    tokens
        The tokens of each stack.
    find_links
        Finds what each layer is made of; asked only if several inputs have the length of an
        attention.
    """

    def __init__(
        self, layers: Sequence[LocatedLayer], tokens: StackTokens, find_links: FindLinks
    ) -> None:
        lengths = {
            length
            for each in layers
            if each.role.stack is None and each.path
            for length in (each.layer.num_queries, each.layer.num_keys - len(each.more_keys))
        }
        unclear = any(tokens.num_sources(length) > 1 for length in lengths)
        self._links = find_links() if unclear else None

    def of(self, place: int) -> tuple[frozenset[int] | None, frozenset[int] | None]:
        """Return the sources of the queries and of the keys of a layer, None if not asked for."""
        if self._links is None:
            return None, None
        return self._links.queries[place], self._links.keys[place]

    def crosses(self, place: int) -> bool:
        """Return whether the keys of a layer are known to be made of something else."""
        queries, keys = self.of(place)
        if queries is None or keys is None:
            return False
        return bool(queries or keys) and queries.isdisjoint(keys)
