"""The heads of a stream whose attention follows a rule."""

from collections.abc import Callable, Iterator
from functools import partial

import torch
from torch import Tensor

from attnwidget.analysis.findings.candidate import Candidate, Connection, Largest
from attnwidget.analysis.findings.finding import FindingKind
from attnwidget.analysis.findings.information import Information
from attnwidget.analysis.findings.regions import Pairs, kinds_of, regions
from attnwidget.analysis.findings.tally import Tally, speaks
from attnwidget.trace import AttentionLayer, ProjectedLayer, Stream
from attnwidget.trace.indexing import Indices
from attnwidget.trace.softmax import blocks

MOST_QUERIES = 512
"""Most queries that patterns are judged by; of longer texts these are a random sample."""

CLEAR = 0.4
"""Smallest gain of a pattern, or information of an alignment, that is worth a look."""

WORDS: dict[FindingKind, str] = {
    "induction": "{} on what followed the same token before",
    "same token": "{} on the same token elsewhere",
    "alignment": "each token looks at a place of its own: {} of the information",
    "previous token": "{} on the token before",
    "next token": "{} on the token after",
    "delimiter": "{} on delimiters",
    "first token": "{} on the first token, a place to rest",
}


def sampled(count: int) -> Tensor:
    """Return the queries that are looked at, in rising order: all, or the same sample each time."""
    if count <= MOST_QUERIES:
        return torch.arange(count, device="cpu")
    generator = torch.Generator().manual_seed(0)
    return torch.randperm(count, generator=generator)[:MOST_QUERIES].sort().values


def pattern_candidates(stream: Stream, done: Callable[[], object]) -> Iterator[Candidate]:
    """Yield one candidate at most for each head, as `attnwidget.findings` describes it.

    Parameters
    ----------
    stream
        The stream.
    done
        Called after each layer.
    """
    pairs = Pairs.of(stream)
    rows = sampled(len(stream.queries))
    for place in range(stream.num_layers):
        yield from _of_layer(stream, place, pairs, rows)
        done()


def _of_layer(stream: Stream, place: int, pairs: Pairs, rows: Tensor) -> Iterator[Candidate]:
    layer = stream.layers[place]
    everything = slice(0, layer.num_heads)
    tally = Tally(kinds_of(pairs), layer.num_heads)
    information = Information((layer.num_heads, layer.num_keys))
    for _, block in blocks(rows, layer.num_heads * layer.num_keys):
        weights, masses = _weights(layer, everything, block)
        queries = torch.tensor(block, device="cpu")
        tally.add(weights, masses, regions(pairs, queries), _allowed(layer, everything, block))
        if not pairs.is_square:
            information.add(weights)
    aligned = None if pairs.is_square else information.shares()
    for head in range(layer.num_heads):
        found = tally.clearest(head)
        if aligned is not None:
            found["alignment"] = (float(aligned[head]),) * 2
        kind = _clearest({kind: gain for kind, (gain, _) in found.items()})
        if kind is not None:
            gain, share = found[kind]
            yield Candidate(
                stream=stream,
                layer=place,
                head=head,
                kind=kind,
                score=gain,
                reason=WORDS[kind].format(f"{100 * share:.0f} %"),
                strongest=partial(_strongest, layer, head, kind, pairs, rows),
            )


def _clearest(gains: dict[FindingKind, float]) -> FindingKind | None:
    """Return the kind that says most; the first token only where no other kind is clear."""
    clear = [kind for kind, gain in gains.items() if gain >= CLEAR]
    others = [kind for kind in clear if kind != "first token"]
    return max(others or clear, key=gains.__getitem__, default=None)


def _strongest(
    layer: AttentionLayer, head: int, kind: FindingKind, pairs: Pairs, rows: Tensor
) -> Connection:
    """Return the strongest connection: of the kind, or of an alignment the strongest at all."""
    largest = Largest()
    for _, block in blocks(rows, layer.num_keys):
        weights, masses = (each[0] for each in _weights(layer, [head], block))
        if kind != "alignment":
            allowed = _allowed(layer, [head], block)[0]
            region = regions(pairs, torch.tensor(block, device="cpu"))[kind] & allowed
            says = speaks(region.sum(-1), allowed.sum(-1), masses)
            weights = weights.masked_fill(~(region & says[:, None]), -1.0)
        largest.add(weights, block)
    return largest.place


def _weights(layer: AttentionLayer, heads: Indices, rows: list[int]) -> tuple[Tensor, Tensor]:
    """Return rows (H', m, n_k) that sum to at most 1, and their sums (H', m)."""
    weights = layer.weights(heads, rows, slice(0, layer.num_keys))
    masses = weights.sum(-1)
    weights /= masses[..., None].clamp(min=1.0)
    return weights, masses


def _allowed(layer: AttentionLayer, heads: Indices, rows: list[int]) -> Tensor:
    """Return the keys that a mask allows, (H' or 1, m, n_k) bool.

    If only the weights are known, the mask is taken to be causal or absent.
    """
    keys = torch.arange(layer.num_keys, device="cpu")
    if isinstance(layer, ProjectedLayer):
        return layer.allowed_keys(heads, rows)
    queries = torch.tensor(rows, device="cpu")[:, None]
    return (queries >= keys if layer.causal else (keys >= 0).expand(len(rows), -1))[None]
