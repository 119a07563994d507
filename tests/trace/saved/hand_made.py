"""Traces of every kind of layer, with every field."""

import torch

from attnwidget.trace import (
    DenseLayer,
    RelativeBias,
    Stream,
    TiledLayer,
    Trace,
    WindowedLayer,
)
from attnwidget.trace.layer_cut import LayerCut
from attnwidget.trace.tiles import Tiles
from tests.trace.layers import layer, tokens

GENERATOR = torch.Generator().manual_seed(3)


def random(*shape):
    return torch.randn(shape, generator=GENERATOR)


def windows(inner):
    """Return tiles: two windows of three positions in a line of seven, the last in none."""
    rows = torch.tensor([[0, 1, 2], [3, 4, -1]])
    heads = torch.arange(4).reshape(2, 2)
    return Tiles(inner, heads, rows, rows, 7, 7)


def of(*layers, name="self", **fields):
    first = layers[0]
    return Trace(
        (Stream(name, layers, tokens(first.num_queries), tokens(first.num_keys), **fields),)
    )


def mask():
    allowed = random(7, 7) > -0.5
    return allowed | torch.eye(7, dtype=torch.bool)


CUTS = (
    LayerCut(range(4), (1, 2), (0,), "zero"),
    LayerCut((1,), range(7), range(1, 7, 2), "renormalise"),
)

SHARED = random(1, 7, 7)

TRACES = {
    "plain": of(layer(), layer(seed=1)),
    "grouped heads": of(layer(kv_heads=2)),
    "causal and a window": of(layer(causal=True, window=3), numbers=(5,)),
    "a mask of booleans": of(layer(mask=mask())),
    "an added mask": of(layer(mask=torch.where(mask(), random(7, 7), -torch.inf))),
    "a mask of keys": of(layer(mask=torch.tensor([True] * 6 + [False]))),
    "a bias": of(layer(bias=SHARED), layer(bias=SHARED)),
    "a relative bias": of(layer(bias=RelativeBias(random(4, 13), 7))),
    "a relative bias of all heads": of(layer(bias=RelativeBias(random(1, 13), 7))),
    "a cap": of(layer(softcap=1.5)),
    "sinks": of(layer(sinks=random(4))),
    "sinks of rows": of(layer(sinks=random(4, 7))),
    "cuts": of(layer(cuts=CUTS)),
    "cross": of(layer(keys=9), name="cross"),
    "half": of(layer(dtype=torch.float16)),
    "bfloat16": of(layer(dtype=torch.bfloat16)),
    "weights": of(DenseLayer(random(2, 5, 5).softmax(-1))),
    "windows": of(WindowedLayer((windows(layer(queries=3, keys=3)),))),
    "tiles of weights": of(TiledLayer((windows(DenseLayer(random(4, 3, 3).softmax(-1))),))),
    "tiles of both": of(
        TiledLayer((windows(layer(queries=3, keys=3)), windows(layer(queries=3, keys=3, seed=2))))
    ),
}
