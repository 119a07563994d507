"""Small random layers."""

import torch

from attnwidget.trace import ProjectedLayer, Stream, Tokens

SCALE = 0.4


def projections(heads=4, kv_heads=4, queries=7, keys=7, size=5, seed=0, dtype=torch.float32):
    generator = torch.Generator().manual_seed(seed)
    shapes = (heads, queries, size), (kv_heads, keys, size), (kv_heads, keys, size + 1)
    return [torch.randn(shape, generator=generator).to(dtype) for shape in shapes]


def layer(**fields):
    """Return a layer of random projections; sizes and fields of ProjectedLayer by keyword."""
    sizes = {"heads", "kv_heads", "queries", "keys", "size", "seed", "dtype"}
    given = {name: fields.pop(name) for name in sizes & set(fields)}
    return ProjectedLayer(*projections(**given), scale=SCALE, **fields)


def tokens(count):
    return Tokens.from_text([f"t{place}" for place in range(count)])


def stream(*layers, name="self"):
    first = layers[0]
    return Stream(name, layers, tokens(first.num_queries), tokens(first.num_keys))


def full(layer):
    everything = slice(None)
    return layer.weights(everything, everything, everything)
