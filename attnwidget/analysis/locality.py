"""Share of the attention that stays near."""

import torch
from torch import Tensor

from attnwidget.analysis.masked import Masked
from attnwidget.analysis.statistics import near_share
from attnwidget.methods.source import Source, as_trace
from attnwidget.trace import Array, Stream
from attnwidget.trace.softmax import blocks


def locality(matrix: Array, window: int = 3) -> float:
    """Return the share of the mass at most `window` tokens away.

    Parameters
    ----------
    matrix
        (n, n) scores of at least 0.
    window
        Largest distance ``|i - j|`` that counts as near, in tokens; 0 for the diagonal alone.

    Returns
    -------
    float
        In [0, 1]; NaN if all scores are 0.

    Raises
    ------
    ValueError
        `matrix` is no such matrix, or `window` is negative.
    """
    masked = Masked.of(matrix, causal=False)
    if not masked.square:
        raise ValueError(
            "Locality compares the positions of queries and keys, so matrix must be square, but "
            f"its shape is {tuple(masked.scores.shape)}."
        )
    return near_share(masked, window)


def locality_by_layer(source: Source, window: int = 3, *, stream: str | None = None) -> Tensor:
    """Return the locality of each layer's heads together.

    Attention tends to be local in low layers and to reach farther in high ones (Clark et al. 2019,
    "What Does BERT Look At?", section 3.1).

    Parameters
    ----------
    source
        A Trace, or one array per layer.
    window
        As in `locality`.
    stream
        Name of a self-attention; None for the first.

    Returns
    -------
    Tensor
        (L,) float32.

    Raises
    ------
    KeyError
        There is no such stream.
    ValueError
        The stream attends to other tokens, or `window` is negative.
    """
    trace = as_trace(source)
    chosen = trace.stacks[0] if stream is None else trace[stream]
    if len(chosen.queries) != len(chosen.keys):
        raise ValueError(
            f"Locality compares positions, but the {len(chosen.queries)} queries of "
            f"{chosen.name!r} attend to {len(chosen.keys)} other tokens. Pass stream= a "
            "self-attention."
        )
    if window < 0:
        raise ValueError(f"window must be a distance of at least 0 tokens, not {window}.")
    return torch.tensor([_of_layer(chosen, layer, window) for layer in range(chosen.num_layers)])


def _of_layer(stream: Stream, layer: int, window: int) -> float:
    near, total = 0.0, 0.0
    keys = torch.arange(len(stream.keys))
    for _, queries in blocks(torch.arange(len(stream.queries)), stream.num_heads * len(keys)):
        mass = stream.attention(layer, queries=queries).sum(0, dtype=torch.float64)
        distances = (torch.tensor(queries)[:, None] - keys).abs()
        near += mass[distances <= window].sum().item()
        total += mass.sum().item()
    return near / total if total else float("nan")
