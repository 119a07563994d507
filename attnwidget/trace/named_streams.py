"""Give the positions of a trace other names, or say which of them the model wrote."""

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
    if not tokens.num_written:
        tokens = replace(tokens, written=before.written)
    return _with(streams, before, tokens)


def with_prompt(streams: tuple[Stream, ...], length: int) -> tuple[Stream, ...]:
    """Return streams whose text is written by the model from a position on.

    The text is that of the decoder where there is one.

    Raises
    ------
    ValueError
        `length` is no whole number from 0 to the number of tokens.
    """
    by_name = {stream.name: stream for stream in streams}
    text = (by_name.get("decoder") or by_name.get("cross") or streams[0]).queries
    if isinstance(length, bool) or not isinstance(length, int) or not 0 <= length <= len(text):
        raise ValueError(
            f"The length of the prompt must be a whole number from 0 to {len(text)}, the number "
            f"of tokens, but {length!r} was given. Pass how many of the first tokens were read."
        )
    return _with(streams, text, text.written_from(length))


def _with(streams: tuple[Stream, ...], before: Tokens, tokens: Tokens) -> tuple[Stream, ...]:
    """Return streams in which some tokens stand in place of those before."""
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
