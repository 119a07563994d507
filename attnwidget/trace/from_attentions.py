"""Make streams from attention weights that a model returned."""

from collections.abc import Sequence

from attnwidget.trace.stack import Stack, layers_from
from attnwidget.trace.stream import Stream
from attnwidget.trace.tokens import Tokens


def single_stream(
    attentions: Stack | None,
    tokens: Sequence[str] | Tokens | None,
    key_tokens: Sequence[str] | Tokens | None,
) -> Stream:
    """Return the stream of one stack: cross-attention if it has key tokens, else self-attention."""
    layers = layers_from(attentions, "attentions")
    if tokens is None:
        raise ValueError("attentions needs tokens: pass a list with one token for each query.")
    queries = _tokens(tokens)
    num_queries, num_keys = layers[0].num_queries, layers[0].num_keys
    if key_tokens is not None:
        return Stream("cross", layers, queries, _tokens(key_tokens))
    if num_queries != num_keys:
        raise ValueError(
            f"attentions has {num_queries} queries and {num_keys} keys, so the keys need tokens of "
            "their own: pass key_tokens."
        )
    return Stream("self", layers, queries, queries)


def encoder_decoder_streams(
    encoder: Stack | None,
    decoder: Stack | None,
    cross: Stack | None,
    encoder_tokens: Sequence[str] | Tokens | None,
    decoder_tokens: Sequence[str] | Tokens | None,
) -> tuple[Stream, ...]:
    """Return the streams of an encoder-decoder, in the order encoder, decoder, cross."""
    source = None if encoder_tokens is None else _tokens(encoder_tokens)
    target = None if decoder_tokens is None else _tokens(decoder_tokens)
    given = (
        ("encoder", encoder, source, source),
        ("decoder", decoder, target, target),
        ("cross", cross, target, source),
    )
    return tuple(
        _stream(name, stack, queries, keys)
        for name, stack, queries, keys in given
        if stack is not None
    )


def _stream(name: str, stack: Stack, queries: Tokens | None, keys: Tokens | None) -> Stream:
    if queries is None or keys is None:
        needed = {
            "encoder": "encoder_tokens",
            "decoder": "decoder_tokens",
            "cross": "encoder_tokens (its keys) and decoder_tokens (its queries)",
        }
        raise ValueError(f"{name} needs {needed[name]}: pass a list with one token a position.")
    return Stream(name, layers_from(stack, name), queries, keys)


def _tokens(tokens: Sequence[str] | Tokens) -> Tokens:
    return tokens if isinstance(tokens, Tokens) else Tokens.from_text(tokens)
