"""What two traces have in common, so that they can be compared."""

from dataclasses import dataclass, fields, replace
from typing import Literal

from attnwidget.trace import Stream, Tokens, Trace
from attnwidget.trace.match import Match
from attnwidget.trace.selected_layer import SelectedLayer

Places = tuple[int, ...]

MOST_NAMED = 8
"""Most tokens that a note names."""


@dataclass(frozen=True)
class Common:
    """The streams that two traces have in common.

    Attributes
    ----------
    trace
        The second trace, with the shared tokens alone.
    queries, keys
        The shared tokens of each stream.
    """

    trace: Trace
    queries: dict[str, Match]
    keys: dict[str, Match]

    @classmethod
    def of(cls, before: Trace, after: Trace) -> "Common":
        """Return what two comparable traces have in common.

        Raises
        ------
        ValueError
            They have other streams, or other numbers of layers or heads, or share no token.
        """
        check_comparable(before, after)
        queries = {a.name: Match.of(a.queries, after[a.name].queries) for a in before.stacks}
        keys = {a.name: Match.of(a.keys, after[a.name].keys) for a in before.stacks}
        stacks = []
        notes = [f"{name_of(after)} minus {name_of(before)}"]
        for stream in after.stacks:
            rows, columns = queries[stream.name], keys[stream.name]
            if not rows.after or not columns.after:
                raise ValueError(
                    f"The texts share no token in the stream {stream.name!r}, so that there is "
                    "nothing to subtract. Compare texts that differ in a few tokens."
                )
            stacks.append(_selected(stream, rows.after, columns.after))
            notes += _unmatched(before[stream.name], stream, rows)
        notes = list(dict.fromkeys(notes))
        trace = replace(after, stacks=tuple(stacks), notes=(*after.notes, *notes))
        return cls(trace, queries, keys)

    def places(self, stream: str, run: Literal["before", "after"]) -> tuple[Places, Places]:
        """Return the places of a stream's shared queries and keys in a run."""
        return getattr(self.queries[stream], run), getattr(self.keys[stream], run)


def name_of(trace: Trace) -> str:
    """Return the model's name and the first tokens, for captions."""
    words = " ".join(trace.tokens)
    short = words if len(words) <= 40 else f"{words[:39]}…"
    return f"{trace.model_name or 'attention'} on ‘{short}’"


def check_comparable(before: Trace, after: Trace) -> None:
    """Refuse traces of which no scores can be subtracted.

    Raises
    ------
    ValueError
        They have other streams, or other numbers of layers or heads.
    """
    if before.streams != after.streams:
        raise ValueError(
            f"The first trace has the streams {', '.join(before.streams)} and the second "
            f"{', '.join(after.streams)}. Compare traces of the same kind of model."
        )
    for stream in before.stacks:
        other = after[stream.name]
        sizes = [f"{s.num_layers} layers of {s.num_heads} heads" for s in (stream, other)]
        if sizes[0] != sizes[1]:
            raise ValueError(
                f"The stream {stream.name!r} has {sizes[0]} in the first trace and {sizes[1]} in "
                "the second, so that heads do not correspond. Compare traces of one architecture, "
                "as before and after fine-tuning; show others in two widgets."
            )


def _selected(stream: Stream, queries: Places, keys: Places) -> Stream:
    if len(queries) == len(stream.queries) and len(keys) == len(stream.keys):
        return stream
    layers = tuple(SelectedLayer(layer, queries, keys) for layer in stream.layers)
    return replace(
        stream,
        layers=layers,
        queries=_picked(stream.queries, queries),
        keys=_picked(stream.keys, keys),
    )


def _picked(tokens: Tokens, places: Places) -> Tokens:
    columns = (getattr(tokens, each.name) for each in fields(Tokens))
    return Tokens(*(tuple(column[at] for at in places) for column in columns))


def _unmatched(before: Stream, after: Stream, match: Match) -> list[str]:
    """Return a note on the tokens that are in one text alone."""
    sides = [
        (f"only in {which}", tokens.text, set(places))
        for which, tokens, places in (
            ("the first", before.queries, match.before),
            ("the second", after.queries, match.after),
        )
    ]
    words = []
    for where, texts, matched in sides:
        alone = [f"‘{text}’ ({at})" for at, text in enumerate(texts) if at not in matched]
        if alone:
            more = f" and {len(alone) - MOST_NAMED} more" if len(alone) > MOST_NAMED else ""
            words.append(f"{where}: {', '.join(alone[:MOST_NAMED])}{more}")
    return [f"left out of the difference, {'; '.join(words)}"] if words else []
