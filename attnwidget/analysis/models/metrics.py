"""Metrics of attention and rollout of whole batches."""

import os
from typing import Any

import torch
from torch import Tensor, nn

from attnwidget.analysis.entropy import row_entropy, shares
from attnwidget.analysis.models.batches import Batch, in_chunks, size_of
from attnwidget.capture.batch import capture_batch
from attnwidget.capture.model.loading import load
from attnwidget.methods import rollout
from attnwidget.methods.progress import Progress, reporting
from attnwidget.trace import Stream, Trace

TOKENS_AT_ONCE = 1 << 14
"""Tokens of a chunk, padding included, if the user sets no size."""


def attribution_metrics(
    model: str | os.PathLike[str] | nn.Module,
    batch: Batch,
    *,
    layer: int = -1,
    chunk_size: int | None = None,
    stream: str | None = None,
    modules: str | None = None,
    progress: Progress = None,
) -> dict[str, Any]:
    """Measure the attention of one layer, and the rollout of all, on a batch.

    The batch goes through the model in chunks; the chunks are halved, with a warning, where memory
    runs out. No result depends on the size of the chunks, up to the rounding of the model itself.
    Padding never counts, nor does what the mask forbids.

    Parameters
    ----------
    model
        A name, a path, a loaded model or any torch module, as `capture` takes it.
    batch
        Ready model inputs, the batch on the first axis.
    layer
        Whose attention is measured, counted from 0; negative ones count from the end.
    chunk_size
        Entries that go through the model at a time; None for so many that a chunk has about
        16,000 tokens.
    stream
        Which attention, such as ``"cross"``; None is the first one. The rollout of ``"decoder"``
        and ``"cross"`` is that of the whole encoder-decoder.
    modules
        Name of the attention modules with wildcards, for a model whose attention is found in no
        other way; see `capture`.
    progress
        Over the entries: True shows a bar, None one where it takes long, False none; a function
        gets (done, total) and may raise to interrupt.

    Returns
    -------
    dict
        ``mean_attention`` (over all heads and the pairs that the mask allows), ``max_attention``,
        ``attention_entropy`` (nats, mean over heads and rows), ``attention_concentration`` (mean
        over heads and rows of the largest weight), ``rollout_entropy`` (nats, mean over rows) and
        ``rollout_max``, each a float: the mean over the entries, of the two maxima the maximum.
        ``per_entry`` holds the same of every entry, as (B,) float32; ``num_tokens`` the number of
        query tokens of each; ``batch_size`` the number of entries.

    Raises
    ------
    ValueError
        `batch` is no batch, `chunk_size` no positive number, or as `capture`.
    IndexError
        There is no such layer.
    """
    entries = size_of(batch)
    if chunk_size is None:
        chunk_size = max(1, TOKENS_AT_ONCE // _longest(batch))
    elif isinstance(chunk_size, bool) or not isinstance(chunk_size, int) or chunk_size < 1:
        raise ValueError(f"chunk_size must be 1 or a larger number, but {chunk_size!r} was given.")
    runner = load(model).module
    figures: list[dict[str, float]] = []
    with reporting(progress, entries, "attribution metrics") as report:

        def measured(chunk: Batch) -> list[dict[str, float]]:
            traces = capture_batch(runner, chunk, modules=modules)
            return [_figures(trace, layer, stream) for trace in traces]

        for each in in_chunks(batch, min(chunk_size, entries), measured):
            figures.append(each)
            report(len(figures))
    num_tokens = [int(each.pop("num_tokens")) for each in figures]
    per_entry = {name: torch.tensor([each[name] for each in figures]) for name in figures[0]}
    merged = {
        name: float(values.max() if "max" in name else values.mean())
        for name, values in per_entry.items()
    }
    return {**merged, "per_entry": per_entry, "num_tokens": num_tokens, "batch_size": entries}


def _figures(trace: Trace, layer: int, name: str | None) -> dict[str, float]:
    stream = trace[trace.streams[0] if name is None else name]
    return {**_of_attention(stream, layer), **_of_rollout(trace, stream)}


def _of_attention(stream: Stream, layer: int) -> dict[str, float]:
    mass = entropy = top = 0.0
    largest = 0.0
    rows = 0
    for head in range(stream.num_heads):
        weights = stream.attention(layer, head)[0]
        attending = weights.sum(-1) > 0
        kept = weights[attending]
        mass += float(kept.sum(dtype=torch.float64))
        entropy += float(row_entropy(shares(kept)).sum(dtype=torch.float64))
        top += float(kept.amax(-1).sum(dtype=torch.float64)) if len(kept) else 0.0
        largest = max(largest, float(weights.max()))
        rows += len(kept)
    index = layer % stream.num_layers
    every = slice(0, stream.num_heads), slice(0, len(stream.queries))
    pairs = int(stream.layers[index].num_allowed(*every).sum())
    return {
        "num_tokens": len(stream.queries),
        "mean_attention": mass / max(1, pairs),
        "max_attention": largest,
        "attention_entropy": entropy / max(1, rows),
        "attention_concentration": top / max(1, rows),
    }


def _of_rollout(trace: Trace, stream: Stream) -> dict[str, float]:
    whole = stream.name in ("decoder", "cross")
    rolled: Tensor = rollout(trace, stream=None if whole else stream.name, progress=False)
    return {
        "rollout_entropy": float(row_entropy(rolled).mean()),
        "rollout_max": float(rolled.max()),
    }


def _longest(batch: Batch) -> int:
    """Return the approximate number of tokens of an entry."""
    ids = batch if isinstance(batch, Tensor) else batch.get("input_ids")
    lengths = torch.as_tensor(ids).shape[1:2] if ids is not None else ()
    return max(1, *lengths) if lengths else TOKENS_AT_ONCE
