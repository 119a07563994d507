"""Traces whose dense attention is known."""

import numpy as np

from attnwidget.trace import Tokens, Trace
from tests.trace.layers import layer, stream

WORDS = ["[CLS]", "the", "cat", "[SEP]", "it", "sat", "down", "[SEP]"]
SEGMENTS = [0, 0, 0, 0, 1, 1, 1, 1]


def random_weights(heads, queries, keys, *, seed=0, causal=False):
    """Return (H, n_q, n_k) float32 rows that sum to 1, among them tiny weights."""
    logits = 6 * np.random.default_rng(seed).standard_normal((heads, queries, keys))
    if causal:
        logits[:, ~np.tri(queries, keys, dtype=bool)] = -np.inf
    weights = np.exp(logits - logits.max(-1, keepdims=True))
    return (weights / weights.sum(-1, keepdims=True)).astype(np.float32)


def pair_trace(*, layers=2, heads=3, seed=0):
    """Two sentences with special tokens, as arrays."""
    stack = [random_weights(heads, 8, 8, seed=seed + place) for place in range(layers)]
    return Trace.from_attentions(stack, Tokens.from_text(WORDS, segments=SEGMENTS))


def long_trace(count, *, heads=2, causal=False, seed=0):
    """One layer of projections over many tokens."""
    return Trace(
        (
            stream(
                layer(
                    heads=heads, kv_heads=heads, queries=count, keys=count, causal=causal, seed=seed
                )
            ),
        )
    )


def translation_trace():
    """Encoder, decoder and cross attention of different depths and numbers of heads."""
    return Trace.from_attentions(
        encoder=[random_weights(4, 6, 6, seed=place) for place in range(3)],
        decoder=[random_weights(2, 5, 5, seed=place, causal=True) for place in range(2)],
        cross=[random_weights(2, 5, 6, seed=place) for place in range(2)],
        encoder_tokens=["<s>", "ein", "Haus", "am", "See", "</s>"],
        decoder_tokens=["<s>", "a", "house", "lake", "</s>"],
    )
