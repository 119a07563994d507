"""The rank that methods for heads give to the one head that answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor

import attnwidget as aw
from attnwidget.demos import load
from attnwidget.methods.method import Method
from attnwidget.methods.registry import METHODS
from attnwidget.methods.scores_of import ScoresOf
from attnwidget.trace import Trace
from scripts.train_demos.heads import heads_scaled

from .examples import Example

HeadScores = Callable[[Trace, Any], Tensor]
"""Makes a score for each head, (L, H), of a trace and its model."""


def head_methods() -> dict[str, HeadScores]:
    """Return every way to score heads: those of the registry, gradients, and taking heads away."""
    found: dict[str, HeadScores] = {}
    for method in METHODS.values():
        if method.per_head:
            found[f"{method.title}, largest of the row"] = partial(_of_rows, method, Tensor.amax)
            if not method.is_attention:
                found[f"{method.title}, sum of the row"] = partial(_of_rows, method, Tensor.sum)
    found["importance, sum of sizes of A dA"] = lambda trace, _: (
        _importance(trace).abs().sum((2, 3))
    )
    found["importance, size of the sum of A dA (Michel)"] = lambda trace, _: (
        _importance(trace).sum((2, 3)).abs()
    )
    found["contributions, each head's sum"] = lambda trace, _: aw.logit_contributions(trace).heads
    found["knock-out, first order"] = lambda trace, _: -aw.knockout_effects(trace, "head")
    found["knock-out, exact"] = lambda trace, _: -aw.knockout_effects(trace, "head", exact=True)
    found["knock-out of the answer's log-probability, by hand"] = _without_each
    return found


def rank_of_head(example: Example, scores: Tensor) -> float:
    """Return the rank of the head that answers, from 1; equal scores share their ranks."""
    assert example.head is not None
    own = scores[example.head]
    return 1 + float((scores > own).sum()) + (float((scores == own).sum()) - 1) / 2


def _of_rows(method: Method, over: Callable[..., Tensor], trace: Trace, _: Any) -> Tensor:
    """Return the sum, or the largest, of what each head has of all keys where it predicts."""
    assert method.head_rows is not None
    layers, last = [], len(trace.tokens) - 1
    heads = tuple(range(trace.num_heads))
    for layer in range(trace.num_layers):
        rows = method.head_rows(trace, ScoresOf("self", layer, heads, method.name, "mean"))
        row = rows(slice(last, last + 1))[:, 0]
        layers.append(over(-row if method.is_of_cuts else row, dim=-1))
    return torch.stack(layers)


def _importance(trace: Trace) -> Tensor:
    return torch.stack(
        [
            trace.attention(layer) * trace.attention_gradient(layer)
            for layer in range(trace.num_layers)
        ]
    )


def _without_each(trace: Trace, model: Any) -> Tensor:
    """Return how much the answer's log-probability falls without each head, its output zero."""
    layers, heads = trace.num_layers, trace.num_heads
    _, tokenizer = load("kinds")
    ids = tokenizer.convert_tokens_to_ids(list(trace["self"].queries.raw))
    scales = torch.ones(1 + layers * heads, layers * heads)
    scales[1:].fill_diagonal_(0)
    with torch.no_grad(), heads_scaled(model, scales.view(-1, layers, heads)):
        logits = model(input_ids=torch.tensor([ids] * len(scales))).logits[:, -1].log_softmax(-1)
    falls: Tensor = logits[0].max() - logits[1:, int(logits[0].argmax())]
    return falls.view(layers, heads)
