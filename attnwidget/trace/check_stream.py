"""Check that the layers and tokens of a stream fit together."""

from collections.abc import Sequence

from attnwidget.trace.layer import AttentionLayer
from attnwidget.trace.tokens import Tokens


def check_stream(
    name: str, layers: Sequence[AttentionLayer], queries: Tokens, keys: Tokens
) -> None:
    """Check that the layers and tokens of a stream fit together.

    Raises
    ------
    ValueError
        There are no layers, layers have different sizes, or the tokens do not match them.
    """
    if not layers:
        raise ValueError(f"The stream {name!r} has no layers; at least one is needed.")
    sizes = [(each.num_heads, each.num_queries, each.num_keys) for each in layers]
    for layer, size in enumerate(sizes):
        if size != sizes[0]:
            raise ValueError(
                f"All layers of a stream must have the same (heads, queries, keys), but in "
                f"{name!r} layer 0 has {sizes[0]} and layer {layer} has {size}."
            )
    for side, tokens, expected in (("query", queries, sizes[0][1]), ("key", keys, sizes[0][2])):
        if len(tokens) != expected:
            raise ValueError(
                f"The attention of {name!r} has {expected} {side} positions, but "
                f"{len(tokens)} {side} tokens were given. Pass exactly one token for each."
            )
