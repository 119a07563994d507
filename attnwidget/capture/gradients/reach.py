"""How far ahead the tokens of a stream see."""

import torch
from torch import Tensor

from attnwidget.trace.stream import Stream

BLOCK = 256
"""Queries whose weights are computed at a time."""


def reach(stream: Stream) -> Tensor:
    """Return the last key that each query may know of, (n,) int64, through all layers together.

    A query knows what the queries before it have attended to, whether it attends to these or not.
    """
    length = len(stream.queries)
    columns = torch.arange(length, device="cpu")
    last = columns.clone()
    for layer in range(stream.num_layers):
        if int(last[0]) == length - 1:
            break  # the first query sees the last key, so that every query may know of it
        for start in range(0, length, BLOCK):
            rows = slice(start, min(start + BLOCK, length))
            attended = (stream.attention(layer, queries=rows) > 0).any(0)
            last[rows] = last[rows].maximum((attended * columns).amax(-1))
    return last.cummax(0).values
