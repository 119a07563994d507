"""Texts that a small language model wrote itself."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random
from typing import Any

import torch

from attnwidget.capture import capture

from .examples import Example
from .prompts import PROMPTS

SHORTEST, LONGEST = 20, 60


def written(model: Any, tokenizer: Any, seed: int) -> Iterator[Example]:
    """Yield prompts as the model goes on with them, cut at a random length of 20 to 60 tokens.

    The target is the log-probability of what the model predicts next. The true sources are unknown.
    """
    rng = Random(seed)
    number = 0
    while True:
        prompt = PROMPTS[number % len(PROMPTS)]
        length = rng.randint(SHORTEST, LONGEST)
        ids = tokenizer(prompt, return_tensors="pt").input_ids
        torch.manual_seed(seed + number)
        with torch.no_grad():
            ids = model.generate(
                ids,
                attention_mask=torch.ones_like(ids),
                do_sample=True,
                top_p=0.95,
                min_new_tokens=max(1, length - ids.shape[1]),
                max_new_tokens=max(1, length - ids.shape[1]),
                pad_token_id=tokenizer.pad_token_id or 0,
            )
        number += 1
        trace = capture(model, {"input_ids": ids[:, :length]}, tokenizer=tokenizer)
        yield Example(trace.with_target(("log_prob", -1, None)), frozenset())
