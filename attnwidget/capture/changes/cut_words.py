"""A cut in words, for the notes of a run that was cut."""

from collections.abc import Sequence

from attnwidget.trace.cut_places import PlacedCut
from attnwidget.trace.stream import Stream

WAYS = {
    "renormalise": "the rest shares the weight",
    "zero": "set to 0",
    "mean": "set to the mean",
}
"""What takes the place of the attention that is cut."""

MOST_NAMED = 3
"""Most tokens that are named one by one."""


def cut_in_words(cut: PlacedCut, stream: Stream) -> str:
    """Return ``"without head 1 of layer 0; set to 0"``.

    Parameters
    ----------
    cut
        The cut.
    stream
        The stream that it is in.
    """
    entries = cut.entries
    heads = _numbered("head", entries.heads, stream.num_heads)
    own = [stream.layer_numbers[layer] for layer in cut.layers]
    layers = _numbered("layer", own, stream.num_layers)
    reads = _quoted(entries.queries, stream.query_tokens)
    gives = _quoted(entries.keys, stream.key_tokens)
    where = f"{heads} of {layers}"
    if reads and gives:
        what = f"{reads} → {gives}, {where}"
    elif gives:
        what = f"{gives} as a source, {where}"
    elif reads:
        what = f"all that {reads} reads, {where}"
    else:
        what = where
    return f"without {what}; {WAYS[entries.mode]}"


def _numbered(noun: str, places: Sequence[int], count: int) -> str:
    if len(places) == count > 1:
        return f"all {noun}s"
    return f"{noun}{'' if len(places) == 1 else 's'} {', '.join(map(str, places))}"


def _quoted(places: Sequence[int], tokens: Sequence[str]) -> str:
    """Return some tokens, an empty text for all of them."""
    if len(places) == len(tokens):
        return ""
    named = ", ".join(f"‘{tokens[place].strip()}’" for place in places[:MOST_NAMED])
    more = len(places) - MOST_NAMED
    return named + (f" and {more} more" if more > 0 else "")
