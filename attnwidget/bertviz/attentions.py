"""Attention weights and tokens in the arguments of BertViz."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import SupportsIndex

from attnwidget.bertviz.batch import entry_of
from attnwidget.bertviz.tokens import segmented, shown_tokens
from attnwidget.trace import Stream, Tokens
from attnwidget.trace.stack import Stack, layers_from

_SINGLE = ("attention", "tokens")
_SIDES = {
    "encoder": ("encoder_tokens", "encoder_tokens"),
    "decoder": ("decoder_tokens", "decoder_tokens"),
    "cross": ("decoder_tokens", "encoder_tokens"),
}
"""Arguments with the tokens of the queries and of the keys, by attention."""


@dataclass(frozen=True)
class Attentions:
    """The attention of one stack, or of an encoder-decoder; None for arguments left out."""

    attention: Stack | None
    encoder_attention: Stack | None
    decoder_attention: Stack | None
    cross_attention: Stack | None
    tokens: Sequence[str] | None
    encoder_tokens: Sequence[str] | None
    decoder_tokens: Sequence[str] | None

    def streams(
        self,
        sentence_b_start: SupportsIndex | None,
        prettify_tokens: bool,
        batch_index: SupportsIndex | None,
    ) -> tuple[Stream, ...]:
        """Return a stream for each attention.

        Raises
        ------
        ValueError
            There is no attention, tokens are missing, or arguments do not fit together; the message
            says which.
        IndexError
            The batch has no such entry.
        """
        parts = [name for name in _SIDES if getattr(self, f"{name}_attention") is not None]
        self._check_given(parts, sentence_b_start)
        if parts:
            return tuple(
                self._stream(
                    name, f"{name}_attention", batch_index, *self._sides(name, prettify_tokens)
                )
                for name in parts
            )
        tokens = self._tokens("tokens", "attention", prettify_tokens)
        if sentence_b_start is not None:
            tokens = segmented(tokens, sentence_b_start)
        return (self._stream("self", "attention", batch_index, tokens, tokens),)

    def _check_given(self, parts: list[str], sentence_b_start: SupportsIndex | None) -> None:
        given = [field.name for field in fields(self) if getattr(self, field.name) is not None]
        single = [name for name in given if name in _SINGLE]
        if single and len(single) < len(given):
            raise ValueError(
                "attention and tokens are of a single stack, all others of an encoder-decoder, but "
                f"{', '.join(given)} were given. Leave out the one kind or the other."
            )
        if self.attention is None and not parts:
            raise ValueError(
                "attention is None, and so are encoder_attention, decoder_attention and "
                "cross_attention. Where the model returned None, load it with "
                "attn_implementation='eager' and call it with output_attentions=True, or use "
                "attnwidget.explore(model, text), which needs neither."
            )
        if parts and sentence_b_start is not None:
            raise ValueError(
                "sentence_b_start says where the second text begins in tokens, and an "
                "encoder-decoder was given. Leave it out."
            )

    def _stream(
        self,
        name: str,
        argument: str,
        batch_index: SupportsIndex | None,
        queries: Tokens,
        keys: Tokens,
    ) -> Stream:
        entry = entry_of(getattr(self, argument), batch_index, argument)
        return Stream(name, layers_from(entry, argument), queries, keys)

    def _sides(self, name: str, prettify: bool) -> tuple[Tokens, Tokens]:
        queries, keys = _SIDES[name]
        of = f"{name}_attention"
        return self._tokens(queries, of, prettify), self._tokens(keys, of, prettify)

    def _tokens(self, name: str, of: str, prettify: bool) -> Tokens:
        given = getattr(self, name)
        if given is None:
            raise ValueError(f"{of} needs {name}: pass a list with one token for each position.")
        return shown_tokens(given, prettify)
