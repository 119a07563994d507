"""The trace of the same text with other tokens."""

from collections.abc import Mapping
from dataclasses import replace

from attnwidget.methods.rerunning import reruns_of
from attnwidget.methods.source import stream_named
from attnwidget.trace import Trace
from attnwidget.trace.indexing import resolve_index
from attnwidget.trace.reruns import Change, Words


def replaced(trace: Trace, tokens: Mapping[int, str | int], *, stream: str | None = None) -> Trace:
    """Run the model with other tokens in the place of some, and return the trace of that run.

    The text keeps its length, so positions stay what they are. `attnwidget.compare` shows both
    traces beside each other; for another text as a whole call `attnwidget.capture` again.

    Parameters
    ----------
    trace
        A captured trace of a model that reads tokens.
    tokens
        For each position that is replaced the token to put there, as text or index;
        ``"[MASK]"``, or what the mask of the tokenizer is called, masks it. Negative positions
        count from the end.
    stream
        The stream whose keys are replaced; the first if None.

    Returns
    -------
    Trace
        The trace, with a note on what was replaced. Its target is that of `trace`; a position or
        token that it leaves open is that of the new run.

    Raises
    ------
    IndexError
        There is no such position, or no token of that index.
    ValueError
        The trace has no model or is of a run that was cut, the model reads no tokens, nothing is
        replaced, a position stands for a part of an image, or a text is not one token.
    """
    reruns = reruns_of(trace, "replaced")
    name = stream_named(trace, stream).name
    words = reruns.words(name)
    if not isinstance(tokens, Mapping) or not tokens:
        raise ValueError(
            'tokens must be a mapping of positions to tokens, such as {3: "dog"}, but '
            f"{tokens!r} was given."
        )
    found: dict[int, int] = {}
    for position, token in tokens.items():
        place = resolve_index(position, len(words.ids), "position")
        if place in words.fixed:
            raise ValueError(
                f"Position {place} stands for a part of an image or a sound, which is no token of "
                "a text. Choose another position."
            )
        found[place] = _index(words, token)
    changed = {place: index for place, index in found.items() if index != words.ids[place]}
    if not changed:
        raise ValueError("The tokens given are those of the text, so that nothing is replaced.")
    made = reruns.replaced_trace(Change(tokens=tuple(changed.items()), stream=name), trace)
    old, new = trace[name].keys.text, made[name].keys.text
    notes = [f"‘{new[place]}’ in place of ‘{old[place]}’ at {place}" for place in sorted(changed)]
    return replace(made, notes=(*made.notes, *notes))


def _index(words: Words, token: object) -> int:
    if isinstance(token, str):
        return words.index_of(token)
    if isinstance(token, bool) or not hasattr(token, "__index__"):
        raise ValueError(f"A token is a text or an index, but {token!r} was given.")
    return resolve_index(token, words.size, "token")
