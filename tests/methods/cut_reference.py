"""transformers' own eager attention with some weights taken away, by patching its softmax."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional
from transformers import PreTrainedModel

from tests.capture.test_exact import STREAMS, pad
from tests.methods.models import inputs, model

__all__ = ["Taken", "eager_run", "inputs", "model", "pad", "softmax_calls"]


class Taken(NamedTuple):
    """Weights to take in one call of softmax; positions count padding."""

    heads: Sequence[int]
    queries: Sequence[int]
    keys: Sequence[int]
    mode: str = "renormalise"


@contextmanager
def patched_softmax(
    taken: Mapping[int, Sequence[Taken]], seen: list[Tensor] | None = None
) -> Iterator[None]:
    """Take weights in the softmax of attention, by the number of its call."""
    real = functional.softmax
    count = -1

    def softmax(scores: Tensor, *args: object, **options: object) -> Tensor:
        nonlocal count
        if scores.ndim != 4:
            return real(scores, *args, **options)
        count += 1
        if count in taken:
            # What the mask forbids gets no weight where nothing else is left.
            scores = scores.masked_fill(scores < -1e30, -torch.inf)
        for each in taken.get(count, ()):
            if each.mode == "renormalise":
                scores = scores.masked_fill(_mask(scores, each), -torch.inf)
        weights = real(scores, *args, **options).nan_to_num()
        for each in taken.get(count, ()):
            if each.mode == "zero":
                weights = weights.masked_fill(_mask(weights, each), 0.0)
        if seen is not None:
            seen.append(weights)
        return weights

    functional.softmax = softmax
    try:
        yield
    finally:
        functional.softmax = real


def _mask(scores: Tensor, taken: Taken) -> Tensor:
    mask = torch.zeros_like(scores, dtype=torch.bool)
    for head in taken.heads:
        for query in taken.queries:
            mask[:, head, query, list(taken.keys)] = True
    return mask


def softmax_calls(model: PreTrainedModel, given: dict[str, Tensor]) -> dict[str, list[int]]:
    """Return the numbers of the calls of softmax of each stream, bottom to top."""
    seen: list[Tensor] = []
    with torch.no_grad(), patched_softmax({}, seen):
        output = model(**given, output_attentions=True)
    calls = {}
    for name, field in STREAMS.items():
        maps = getattr(output, field, None) or ()
        # Attention sinks are a column that the output leaves out.
        calls[name] = [
            next(
                call
                for call, each in enumerate(seen)
                if each.shape[:3] == weights.shape[:3]
                and torch.equal(each[..., : weights.shape[3]].to(weights.dtype), weights)
            )
            for weights in maps
        ]
    return calls


def eager_run(
    model: PreTrainedModel, given: dict[str, Tensor], taken: Mapping[int, Sequence[Taken]]
) -> object:
    """Return the output of a model under eager attention after cuts, with its graph."""
    with patched_softmax(taken):
        return model(**given, output_attentions=True)
