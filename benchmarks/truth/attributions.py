"""One score for each key of an example, by every method."""

from __future__ import annotations

from collections.abc import Callable

from torch import Tensor

import attnwidget as aw
from attnwidget.trace import Target

from .examples import Example


def attention(example: Example) -> Tensor:
    """Return the attention of the last layer, mean of its heads."""
    stream = example.trace[example.stream]
    return aw.fuse_heads(stream.attention(-1, queries=example.query))[0]


def rollout(example: Example) -> Tensor:
    return _keys(example, aw.rollout(example.trace, rows=[example.query])[0])


def gradient_flow(example: Example) -> Tensor:
    """Return the gradient-weighted attention of the last layer, mean of its heads."""
    flow = aw.gradient_flow(example.trace, -1, target=_target(example), stream=example.stream)
    return flow.mean(0)[example.query]


def relevance(example: Example) -> Tensor:
    scores = aw.relevance(example.trace, target=_target(example))
    return _keys(example, scores[example.query])


def max_flow(example: Example) -> Tensor:
    flows = aw.max_flow(example.trace, sources=[example.query], progress=False)
    return _keys(example, flows[0])


def integrated_gradients(example: Example) -> Tensor:
    """Return how much each key's embedding adds to the prediction, against zero embeddings."""
    aimed = example.trace.with_target(_target(example))
    found = aw.compare_with_gradients(
        aimed, query=example.query, stream=example.stream, method="integrated_gradients"
    )
    scores: Tensor = found["gradient_scores"]
    return scores


METHODS: dict[str, Callable[[Example], Tensor]] = {
    "attention, last layer": attention,
    "rollout": rollout,
    "gradient flow, last layer": gradient_flow,
    "relevance": relevance,
    "max-flow": max_flow,
    "integrated gradients": integrated_gradients,
}


def _target(example: Example) -> Target:
    return ("logit", example.query, example.index)


def _keys(example: Example, scores: Tensor) -> Tensor:
    """Return the part of a row that speaks of the keys: of an encoder-decoder the source."""
    return scores[-len(example.trace[example.stream].keys) :]
