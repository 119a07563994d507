"""The fall of a prediction when tokens are deleted in the order of their scores."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random
from statistics import mean
from typing import Any

import torch

from attnwidget.capture import capture

from .attributions import METHODS
from .examples import Example
from .prompts import PROMPTS

RANDOM_ORDERS = 5
CHANCE = "random order"


@dataclass(frozen=True)
class Language:
    """A causal language model and its tokenizer."""

    model: Any
    tokenizer: Any

    def probability(self, sequences: Sequence[Sequence[int]], index: int) -> list[float]:
        """Return how likely a token is after each of some sequences of one length."""
        with torch.inference_mode():
            logits = self.model(input_ids=torch.tensor(sequences), use_cache=False).logits[:, -1]
        found: list[float] = logits.double().softmax(-1)[:, index].tolist()
        return found


def measure(language: Language, seed: int) -> dict[str, float]:
    """Return the area over the curve of each method and of a random order, mean of all prompts.

    For each prompt its tokens but the last are deleted one after the other, those with the highest
    scores first. The area is the mean over all numbers of deleted tokens of
    ``1 - p / p_before``, where p is the probability of what the model predicted at first: 0 where
    it never falls, and larger the earlier it falls. It is negative if p rises.
    """
    rng = Random(seed)
    areas: dict[str, list[float]] = {}
    for prompt in PROMPTS:
        example, ids = _example(language, prompt)
        orders = {name: [_falling(example, name)] for name in METHODS}
        orders[CHANCE] = [
            rng.sample(example.candidates, len(example.candidates)) for _ in range(RANDOM_ORDERS)
        ]
        for name, area in _areas(language, example.index, ids, orders).items():
            areas.setdefault(name, []).append(area)
    return {name: mean(values) for name, values in areas.items()}


def _example(language: Language, prompt: str) -> tuple[Example, list[int]]:
    ids = language.tokenizer(prompt)["input_ids"]
    trace = capture(language.model, prompt, tokenizer=language.tokenizer)
    last = len(ids) - 1
    (best,) = trace.predictions(last, top=1).entries
    return Example(trace, "self", last, best.index, frozenset(), tuple(range(last))), ids


def _falling(example: Example, method: str) -> list[int]:
    scores = METHODS[method](example)
    return sorted(example.candidates, key=lambda i: float(scores[i]), reverse=True)


def _areas(
    language: Language, index: int, ids: list[int], orders: dict[str, list[list[int]]]
) -> dict[str, float]:
    (before,) = language.probability([ids], index)
    names = [name for name, each in orders.items() for _ in each]
    listed = [order for each in orders.values() for order in each]
    fallen: dict[str, list[float]] = {name: [] for name in orders}
    for deleted in range(1, len(ids)):
        left = [
            [token for i, token in enumerate(ids) if i not in order[:deleted]] for order in listed
        ]
        for name, after in zip(names, language.probability(left, index), strict=True):
            fallen[name].append(1 - after / before)
    return {name: mean(values) for name, values in fallen.items()}
