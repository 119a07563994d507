"""Say how much attention lies in the silence after a sound, which is not shown."""

from collections.abc import Iterator, Sequence

from attnwidget.capture.assemble.call_groups import CallGroup
from attnwidget.trace.stream import Stream

MOST_QUERIES = 32
"""Most queries of a layer whose share is measured."""


def silence_notes(streams: Sequence[Stream], groups: Sequence[CallGroup]) -> Iterator[str]:
    """Yield a note on the silence that streams leave out, if any leaves out some.

    Parameters
    ----------
    streams
        The streams.
    groups
        For each stream the attention calls that it was made of.
    """
    pairs = [pair for pair in zip(streams, groups, strict=True) if pair[1].silence]
    if not pairs:
        return
    stream, group = pairs[0]
    whole = group.lengths[1]
    shares = ", ".join(f"{_share(each)} of that of {each.name!r}" for each, _ in pairs)
    yield (
        f"left out: the last {whole - len(stream.keys)} of {whole} positions of the sound, which "
        f"are silent and hold part of the attention, {shares}; methods that go through layers "
        "pass them over too; silence=True shows them"
    )


def _share(stream: Stream) -> str:
    """Return the share of the attention of a stream that lies outside of it, layer by layer."""
    step = -(-len(stream.queries) // MOST_QUERIES)
    every = slice(None, None, step)
    shares = [
        1 - float(stream.attention(layer, queries=every).sum(-1).mean())
        for layer in range(stream.num_layers)
    ]
    low, high = (f"{share:.0%}" for share in (min(shares), max(shares)))
    about = "" if step == 1 else "about "
    return f"{about}{low}" if low == high else f"{about}{low} to {high}"
