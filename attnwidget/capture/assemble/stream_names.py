"""Name the streams of a trace."""

from collections.abc import Mapping, Sequence
from typing import TypeVar

from attnwidget.capture.attention.roles import short_part

FIRST = ("encoder", "decoder", "text")
"""Streams that come first, in this order."""

CROSS = "cross"
"""Name of a cross-attention stream, which comes last."""

POOLED = "pooled"
"""Ending of the name of the keys that a stack makes by pooling its own positions."""

Key = TypeVar("Key", bound=tuple[object, ...])
"""The names of the stacks of the queries and of the keys, and whatever tells streams apart."""


def stream_names(paths: Mapping[Key, Sequence[str]]) -> dict[Key, str]:
    """Return a name for each stream.

    Parameters
    ----------
    paths
        The paths of the modules that computed each stream's attention. A key begins with the names
        of the stacks of its queries and of its keys.

    Returns
    -------
    dict
        The name of the stack, or ``"cross"``. Where several streams would have one name they are
        named by the part of the path that tells them apart, or else numbered from 1.
    """
    sides = {(str(key[0]), str(key[1])) for key in paths}
    base = {key: _base(str(key[0]), str(key[1]), sides) for key in paths}
    names: dict[Key, str] = {}
    for name in dict.fromkeys(base.values()):
        keys = [key for key in paths if base[key] == name]
        parts = _telling_parts([paths[key] for key in keys])
        for key, part in zip(keys, parts, strict=True):
            if len(keys) == 1:
                names[key] = name
            else:
                names[key] = part if name == "self" and not part.isdecimal() else f"{name} {part}"
    return _unique(names)


def order_of(name: str) -> int:
    """Return the place of a stream among the others."""
    if name in FIRST:
        return FIRST.index(name)
    return len(FIRST) + name.endswith(CROSS)


def _base(queries: str, keys: str, sides: set[tuple[str, str]]) -> str:
    if keys in (queries, f"{queries} {POOLED}"):
        return queries
    crosses = sum(key not in (query, f"{query} {POOLED}") for query, key in sides)
    return CROSS if crosses == 1 else f"{queries} {CROSS}"


def _telling_parts(paths: Sequence[Sequence[str]]) -> list[str]:
    """Return the first part of the modules' paths that differs, or numbers from 1.

    A stream whose modules differ in it has them all, as ``"down_blocks + up_blocks"``.
    """
    split = [[path.split(".") for path in each] for each in paths]
    for place in range(min(len(path) for each in split for path in each)):
        found = [
            " + ".join(dict.fromkeys(short_part(path[place]) for path in each)) for each in split
        ]
        if len(set(found)) == len(found) and not any(_is_numbered(each) for each in found):
            return found
    return [str(number) for number in range(1, len(paths) + 1)]


def _is_numbered(part: str) -> bool:
    return any(each.isdecimal() for each in part.split(" + "))


def _unique(names: Mapping[Key, str]) -> dict[Key, str]:
    """Return the names, with numbers where two are the same."""
    taken: set[str] = set()
    unique: dict[Key, str] = {}
    for key, name in names.items():
        free = (each for each in (name, *(f"{name} {n}" for n in range(2, 10_000))))
        unique[key] = next(each for each in free if each not in taken)
        taken.add(unique[key])
    return unique
