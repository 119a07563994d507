"""The heads of a stream whose attention follows a rule."""

from collections.abc import Callable, Iterator

import torch
from torch import Tensor

from attnwidget.analysis.findings.finding import Finding, FindingKind
from attnwidget.analysis.findings.information import Information
from attnwidget.analysis.findings.regions import Pairs, regions
from attnwidget.analysis.findings.tally import Tally
from attnwidget.trace import AttentionLayer, ProjectedLayer, Stream
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


def pattern_findings(stream: Stream, done: Callable[[], object]) -> Iterator[Finding]:
    """Yield one finding at most for each head, as `attnwidget.findings` describes it.

    Parameters
    ----------
    stream
        The stream.
    done
        Called after each layer.
    """
    pairs = Pairs.of(stream)
    rows = sampled(len(stream.queries))
    for place, layer in enumerate(stream.layers):
        yield from _of_layer(stream, place, layer, pairs, rows)
        done()


def _of_layer(
    stream: Stream, place: int, layer: AttentionLayer, pairs: Pairs, rows: Tensor
) -> Iterator[Finding]:
    everything = slice(0, layer.num_heads)
    tallies: dict[FindingKind, Tally] = {}
    information = Information((layer.num_heads, layer.num_keys))
    for _, block in blocks(rows, layer.num_heads * layer.num_keys):
        weights = layer.weights(everything, block, slice(0, layer.num_keys))
        weights /= weights.sum(-1, keepdim=True).clamp(min=1.0)
        masses = weights.sum(-1)
        queries = torch.tensor(block, device="cpu")
        allowed = _allowed(layer, block)
        for kind, region in regions(pairs, queries).items():
            tallies.setdefault(kind, Tally(layer.num_heads)).add(
                weights, masses, region, allowed, queries
            )
        if not pairs.is_square:
            information.add(weights)
    aligned = None if pairs.is_square else information.shares()
    for head in range(layer.num_heads):
        gains = {kind: tally.gain(head) for kind, tally in tallies.items()}
        shares = {kind: tally.share(head) for kind, tally in tallies.items()}
        if aligned is not None:
            gains["alignment"] = shares["alignment"] = float(aligned[head])
        clearest = _clearest(gains)
        if clearest is None:
            continue
        query, key = _example(stream, place, head, tallies.get(clearest), rows)
        yield Finding(
            stream=stream.name,
            layer=place,
            head=head,
            kind=clearest,
            score=gains[clearest],
            reason=WORDS[clearest].format(f"{100 * shares[clearest]:.0f} %"),
            query=query,
            key=key,
            query_token=stream.queries.text[query],
            key_token=stream.keys.text[key],
        )


def _clearest(gains: dict[FindingKind, float]) -> FindingKind | None:
    """Return the kind that says most; the first token only where no other kind is clear."""
    clear = [kind for kind, gain in gains.items() if gain >= CLEAR]
    others = [kind for kind in clear if kind != "first token"]
    return max(others or clear, key=gains.__getitem__, default=None)


def _example(
    stream: Stream, layer: int, head: int, tally: Tally | None, rows: Tensor
) -> tuple[int, int]:
    """Return the strongest connection: of the kind, or of an alignment the strongest at all."""
    if tally is not None:
        return int(tally.query[head]), int(tally.key[head])
    weights = stream.attention(layer, head, queries=rows.tolist())[0]
    place = int(weights.argmax())
    return int(rows[place // weights.shape[1]]), place % weights.shape[1]


def _allowed(layer: AttentionLayer, rows: list[int]) -> Tensor:
    """Return the keys that a mask allows, (H or 1, m, n_k) bool.

    If only the weights are known, the mask is taken to be causal or absent.
    """
    keys = torch.arange(layer.num_keys, device="cpu")
    if isinstance(layer, ProjectedLayer):
        return layer.allowed_keys(slice(0, layer.num_heads), rows)
    queries = torch.tensor(rows, device="cpu")[:, None]
    return (queries >= keys if layer.causal else (keys >= 0).expand(len(rows), -1))[None]
