"""Give the positions of a trace other names."""

from collections.abc import Sequence
from dataclasses import replace

from attnwidget.trace.stream import Stream
from attnwidget.trace.tokens import Tokens


def named_streams(streams: tuple[Stream, ...], names: Sequence[str] | Tokens) -> tuple[Stream, ...]:
    """Return streams in which the positions of the first one have other names.

    Other streams with the same tokens, such as the keys of cross-attention, get them too.

    Raises
    ------
    ValueError
        The names are not as many as the positions.
    """
    tokens = names if isinstance(names, Tokens) else _plain(names)
    before = streams[0].queries
    if len(tokens) != len(before):
        raise ValueError(
            f"tokens must name each of the {len(before)} positions of {streams[0].name!r}, but "
            f"{len(tokens)} names were given. The positions are {', '.join(before.text[:8])} …"
        )
    return tuple(
        replace(
            stream,
            queries=tokens if stream.queries == before else stream.queries,
            keys=tokens if stream.keys == before else stream.keys,
        )
        for stream in streams
    )


def _plain(names: Sequence[str]) -> Tokens:
    """Return tokens whose text is the names as they are, without any marks to be read."""
    found = Tokens.from_text(names)
    return replace(found, text=found.raw, continues=(False,) * len(found))
