"""The tokens of the queries or of the keys."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace

from attnwidget.trace.pieces import is_special, readable


@dataclass(frozen=True, repr=False)
class Tokens:
    """A sequence of tokens with their properties.

    Attributes
    ----------
    text
        Readable text: ``"walked"``, ``"ing"``, ``"[CLS]"``.
    raw
        Pieces of the tokenizer: ``"Ġwalked"``, ``"##ing"``.
    special
        True for tokens that frame the text instead of being part of it: ``[CLS]``, ``<s>``.
    continues
        True for tokens that continue the word of the token before.
    segments
        0 for the first text, 1 for the second of a pair; all 0 without a pair. Special tokens
        belong to the segment they close.
    written
        True for tokens that the model wrote, False for those that it was given to read. Left
        empty, it is False for all.
    """

    text: tuple[str, ...]
    raw: tuple[str, ...]
    special: tuple[bool, ...]
    continues: tuple[bool, ...]
    segments: tuple[int, ...]
    written: tuple[bool, ...] = ()

    def __post_init__(self) -> None:
        if not self.written:
            object.__setattr__(self, "written", (False,) * len(self.text))
        lengths = {field.name: len(getattr(self, field.name)) for field in fields(self)}
        if len(set(lengths.values())) != 1:
            listed = ", ".join(f"{name} {length}" for name, length in lengths.items())
            raise ValueError(
                f"Every field of Tokens must have one entry a token, but has: {listed}."
            )

    @classmethod
    def from_text(cls, tokens: Sequence[str], *, segments: Sequence[int] | None = None) -> "Tokens":
        """Make Tokens from a list of words or of a tokenizer's pieces.

        Parameters
        ----------
        tokens
            Words, or pieces with the usual markers (``##``, ``Ġ``, ``▁``, ``</w>``), which are
            made readable. Special tokens are recognised by their form.
        segments
            0 or 1 for each token, for a pair of texts.

        Raises
        ------
        ValueError
            `tokens` is no list of strings, or `segments` has another length.
        """
        if isinstance(tokens, str) or not isinstance(tokens, Iterable):
            raise ValueError(
                f"Tokens must be a list of strings, but {str(tokens)[:40]!r} of type "
                f"{type(tokens).__name__} was given. Pass one entry for each token."
            )
        raw = tuple(tokens)
        for place, token in enumerate(raw):
            if not isinstance(token, str):
                raise ValueError(
                    f"Tokens must be strings, but token {place} is {token!r} of type "
                    f"{type(token).__name__}. Convert ids with "
                    "tokenizer.convert_ids_to_tokens(ids)."
                )
        special = tuple(map(is_special, raw))
        text, continues = readable(raw, special)
        if segments is None:
            segments = [0] * len(raw)
        return cls(text, raw, special, continues, tuple(map(int, segments)))

    @property
    def has_pair(self) -> bool:
        """True if the tokens come from a pair of texts."""
        return any(self.segments)

    @property
    def num_written(self) -> int:
        """Number of tokens that the model wrote."""
        return sum(self.written)

    def written_from(self, first: int) -> "Tokens":
        """Return the tokens with those from position `first` on as written by the model."""
        return replace(self, written=tuple(place >= first for place in range(len(self))))

    def part(self, span: slice) -> "Tokens":
        """Return a contiguous part of the tokens."""
        return Tokens(*(getattr(self, each.name)[span] for each in fields(self)))

    def followed_by(self, other: "Tokens") -> "Tokens":
        """Return the tokens with others after them."""
        pairs = ((getattr(self, each.name), getattr(other, each.name)) for each in fields(self))
        return Tokens(*(own + further for own, further in pairs))

    def __len__(self) -> int:
        return len(self.text)

    def __repr__(self) -> str:
        shown = " ".join(self.text[:8])
        return f"Tokens({len(self)}: {shown}{' …' if len(self) > 8 else ''})"
