"""Matrices with their tokens, ready to be drawn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TypeAlias

import numpy as np
import torch
from numpy.typing import NDArray

from attnwidget.analysis.scores import as_tokens
from attnwidget.methods import fuse_heads
from attnwidget.methods.fusion import Fusion, check_fusion, fused_rows
from attnwidget.methods.source import Source, as_trace
from attnwidget.plot.labels import SEPARATOR
from attnwidget.trace import Array, Indexer, Stream, Tokens, Trace
from attnwidget.trace.arrays import as_floating
from attnwidget.trace.indexing import positions, resolve, resolve_index

Labels: TypeAlias = Sequence[str] | Tokens | None
"""Tokens; None for those of the trace, or for numbers."""


@dataclass(frozen=True)
class Panel:
    """One matrix.

    Attributes
    ----------
    values
        (n_q, n_k) float64, finite.
    queries, keys
        A token for each row and column.
    title
        Title above the matrix.
    split
        First column of a second sequence, which a line sets apart; None if there is one sequence.
    """

    values: NDArray[np.float64]
    queries: Tokens
    keys: Tokens
    title: str = ""
    split: int | None = None

    def titled(self, title: str) -> "Panel":
        """Return this matrix with another title."""
        return replace(self, title=title)


def panel_of(
    data: Trace | Stream | Array,
    tokens: Labels,
    key_tokens: Labels = None,
    *,
    stream: str | None = None,
    layer: int = -1,
    heads: Indexer = None,
    fusion: Fusion = "mean",
) -> Panel:
    """Return one layer of a trace, or an array (n_q, n_k) or (H, n_q, n_k), with heads fused.

    Raises
    ------
    ValueError
        The array has another shape or an entry that is not finite, or the tokens do not match.
    """
    if not isinstance(data, (Trace, Stream)):
        return matrix_panel(fuse_heads(data, fusion, heads), tokens, key_tokens)
    chosen = stream_of(data, stream)
    place = resolve_index(layer, chosen.num_layers, "layer")
    check_fusion(fusion)
    whole = slice(0, len(chosen.queries))
    values = (
        fused_rows(chosen.layers[place], whole, fusion)
        if heads is None
        else fuse_heads(chosen.attention(place, heads), fusion)
    )
    which = head_name(chosen, heads, fusion)
    own = f"layer {chosen.layer_numbers[place]}"
    title = join(name_of(data), stream_name(data, chosen), own, which)
    return Panel(values.double().numpy(), *labels_of(chosen, tokens, key_tokens), title)


def matrix_panel(
    matrix: Array, tokens: Labels, key_tokens: Labels = None, title: str = ""
) -> Panel:
    """Return a matrix (n_q, n_k), of scores of either sign, as a panel."""
    values = as_floating(matrix, "matrix").double()
    if values.ndim != 2 or not values.numel():
        raise ValueError(
            f"A matrix must be (queries, keys), but its shape is {tuple(values.shape)}. Pass one "
            "head or fused heads."
        )
    if not bool(torch.isfinite(values).all()):
        query, key = (~torch.isfinite(values)).nonzero()[0].tolist()
        raise ValueError(
            f"Only finite scores can be drawn, but the matrix is {values[query, key].item()} at "
            f"query {query}, key {key}."
        )
    queries, keys = values.shape
    if key_tokens is None and tokens is not None and queries == keys:
        key_tokens = tokens
    return Panel(
        values.numpy(),
        as_tokens(numbers(queries) if tokens is None else tokens, queries, "query"),
        as_tokens(numbers(keys) if key_tokens is None else key_tokens, keys, "key"),
        title,
    )


def stream_of(data: Trace | Stream, name: str | None) -> Stream:
    """Return a stream by name, the first if no name is given."""
    if isinstance(data, Stream):
        return data
    return data.stacks[0] if name is None else data[name]


def labels_of(stream: Stream, tokens: Labels, key_tokens: Labels) -> tuple[Tokens, Tokens]:
    """Return a label for each query and key of a stream: those passed, else its own tokens."""
    if key_tokens is None and stream.name != "cross":
        key_tokens = tokens
    return (
        as_tokens(stream.queries if tokens is None else tokens, len(stream.queries), "query"),
        as_tokens(stream.keys if key_tokens is None else key_tokens, len(stream.keys), "key"),
    )


def stream_from(data: Source, name: str | None, *, signed: bool = False) -> Stream:
    """Return a stream of a trace by name, or the layers of plain arrays as a stream."""
    return data if isinstance(data, Stream) else stream_of(as_trace(data, signed=signed), name)


def quantity_of(data: object) -> str:
    """Return the name of the values: arrays may hold scores of any method."""
    return "attention" if isinstance(data, (Trace, Stream)) else "score"


def name_of(data: object) -> str:
    """Return the name of the model, empty if it has none."""
    return (data.model_name or "") if isinstance(data, Trace) else ""


def stream_name(data: object, stream: Stream) -> str:
    """Return the name of a stream; empty if the data has no other stream."""
    named = isinstance(data, Stream) or (isinstance(data, Trace) and len(data.stacks) > 1)
    return stream.name if named else ""


def head_name(stream: Stream, heads: Indexer, fusion: Fusion) -> str:
    """Return ``"head 3"`` or ``"mean of 12 heads"``."""
    chosen = positions(resolve(heads, stream.num_heads, "head"), stream.num_heads).tolist()
    if len(chosen) == 1:
        return f"head {chosen[0]}"
    if len(chosen) == stream.num_heads:
        return f"{fusion} of {stream.num_heads} heads"
    return f"{fusion} of heads {', '.join(map(str, chosen))}"


def join(*parts: str) -> str:
    """Return the parts of a title, without the empty ones."""
    return SEPARATOR.join(part for part in parts if part)


def numbers(count: int) -> list[str]:
    """Return positions as labels."""
    return [str(place) for place in range(count)]
