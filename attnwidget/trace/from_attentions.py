"""Make streams from attention weights that a model returned."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from attnwidget.trace.generated import is_steps, prompt_length
from attnwidget.trace.model_outputs import of_entry, stacks_in
from attnwidget.trace.stack import NO_ATTENTION, Stack, layers_from
from attnwidget.trace.stream import Stream
from attnwidget.trace.tokens import Tokens

Names = Sequence[str] | Tokens | None
"""The tokens of one side, None if they were left out."""


@dataclass(frozen=True)
class GivenAttentions:
    """The arguments of `Trace.from_attentions`, which describes them."""

    attentions: Any
    encoder: Stack | None
    decoder: Stack | None
    cross: Stack | None
    tokens: Names
    key_tokens: Names
    encoder_tokens: Names
    decoder_tokens: Names
    batch_index: int | None

    def streams(self) -> tuple[Stream, ...]:
        """Return the streams, in the order encoder, decoder, cross.

        Raises
        ------
        ValueError
            Weights or tokens are missing, or do not fit.
        IndexError
            The batch has no such entry.
        """
        by_keyword = {"encoder": self.encoder, "decoder": self.decoder, "cross": self.cross}
        given = {name: stack for name, stack in by_keyword.items() if stack is not None}
        has_sides = self.encoder_tokens is not None or self.decoder_tokens is not None
        found = None if self.attentions is None else stacks_in(self.attentions)
        if not given and not has_sides and (found is None or "attentions" in found):
            stack = self.attentions if found is None else found["attentions"]
            return (self._single(stack),)
        if found is not None and not has_sides:
            raise ValueError(
                f"The output has attention of {', '.join(found)}, which needs encoder_tokens and "
                "decoder_tokens: pass a list with one token a position for each."
            )
        is_mixed = self.tokens is not None or self.key_tokens is not None
        if is_mixed or (self.attentions is not None and (given or found is None)):
            raise ValueError(
                "Pass either attentions with tokens (and key_tokens), or encoder, decoder and "
                "cross with encoder_tokens and decoder_tokens, not both."
            )
        if found is not None:
            given = self._with_tokens(found)
        if not given:
            raise ValueError(NO_ATTENTION.format("encoder, decoder and cross are all None"))
        return self._sides(given)

    def _single(self, stack: Any) -> Stream:
        """Return cross-attention if there are key tokens, else self-attention."""
        whole = self._of_entry(stack, "cross" if self.key_tokens is not None else "attentions")
        layers = layers_from(whole, "attentions")
        if self.tokens is None:
            raise ValueError("attentions needs tokens: pass a list with one token for each query.")
        num_queries, num_keys = layers[0].num_queries, layers[0].num_keys
        if self.key_tokens is not None:
            return Stream("cross", layers, _tokens(self.tokens), _tokens(self.key_tokens))
        if num_queries != num_keys:
            raise ValueError(
                f"attentions has {num_queries} queries and {num_keys} keys, so the keys need "
                "tokens of their own: pass key_tokens."
            )
        names = self._read(self.tokens, num_queries, stack)
        return Stream("self", layers, names, names)

    def _with_tokens(self, found: dict[str, Any]) -> dict[str, Any]:
        """Return the stacks of an output whose tokens were given."""
        if "attentions" in found:
            found = {**found, "decoder": found.get("decoder", found["attentions"])}
        sides = {"encoder": self.encoder_tokens, "decoder": self.decoder_tokens}
        known = {name for name, names in sides.items() if names is not None}
        needed = {"encoder": {"encoder"}, "decoder": {"decoder"}, "cross": {"encoder", "decoder"}}
        return {name: found[name] for name in needed if name in found and needed[name] <= known}

    def _sides(self, given: dict[str, Any]) -> tuple[Stream, ...]:
        sides = {"encoder": self.encoder_tokens, "decoder": self.decoder_tokens}
        streams = []
        for name, stack in given.items():
            queries, keys = ("decoder", "encoder") if name == "cross" else (name, name)
            if sides[queries] is None or sides[keys] is None:
                raise ValueError(
                    f"{name} needs {_NEEDED[name]}: pass a list with one token a position."
                )
            whole = self._of_entry(stack, name)
            layers = layers_from(whole, name)
            rows = self._read(sides[queries], layers[0].num_queries, stack)
            columns = rows if keys == queries else _tokens(sides[keys])
            streams.append(Stream(name, layers, rows, columns))
        return tuple(streams)

    def _of_entry(self, stack: Any, name: str) -> Any:
        beams = getattr(self.attentions, "beam_indices", None)
        written = getattr(self.attentions, "sequences", None)
        sequences = None if written is None else len(written)
        return of_entry(stack, name, self.batch_index, beams, sequences=sequences)

    @staticmethod
    def _read(names: Names, count: int, stack: Any) -> Tokens:
        """Return the tokens, of steps without the last one, which was written and never read."""
        tokens = _tokens(names)
        if not is_steps(stack):
            return tokens
        tokens = tokens.part(slice(0, count)) if len(tokens) == count + 1 else tokens
        return tokens if tokens.num_written else tokens.written_from(prompt_length(stack))


_NEEDED = {
    "encoder": "encoder_tokens",
    "decoder": "decoder_tokens",
    "cross": "encoder_tokens (its keys) and decoder_tokens (its queries)",
}


def _tokens(tokens: Names) -> Tokens:
    return tokens if isinstance(tokens, Tokens) else Tokens.from_text(tokens or ())
