"""A model whose answer after any deletion is worked out by hand."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional

import attnwidget as aw
from attnwidget.trace import Trace

VALUES = (0.0, 8.0, 4.0, 2.0, 1.0, 6.0, 3.0)
"""What each token of the vocabulary is worth."""


class Mean(nn.Module):
    """The first token attends evenly to all, so the output is the mean of what they are worth.

    Attributes
    ----------
    leak
        Share of the plain mean that reaches the output past the attention.
    """

    def __init__(self, leak: float = 0.0) -> None:
        super().__init__()
        self.worth = nn.Embedding.from_pretrained(torch.tensor(VALUES)[:, None], freeze=False)
        self.leak = leak

    def forward(self, input_ids: Tensor, attention_mask: Tensor | None = None) -> Tensor:
        values = self.worth(input_ids)[:, None]
        nothing = torch.zeros_like(values)
        allowed = None
        if attention_mask is not None:
            size = input_ids.shape[1]
            allowed = attention_mask[:, None, None].bool().expand(-1, 1, size, -1)
        mixed = functional.scaled_dot_product_attention(nothing, nothing, values, allowed)
        first = mixed[:, 0, 0] + self.leak * values[:, 0].mean(1)
        return torch.cat([first, torch.zeros_like(first)], dim=1)


def target(output: Tensor) -> Tensor:
    return output[0, 0]


def mean_trace(ids: list[int], *, leak: float = 0.0) -> Trace:
    inputs = {"input_ids": torch.tensor([ids]), "attention_mask": torch.ones(1, len(ids)).long()}
    return aw.capture(Mean(leak).eval(), inputs, target=target)


def worth(trace: Trace) -> Tensor:
    """Return what each token is worth: the true order of this model."""
    return torch.tensor([VALUES[int(token)] for token in trace.key_tokens])


def mean_without(ids: list[int], deleted: set[int]) -> float:
    """Return the mean of what is left."""
    left = [VALUES[each] for place, each in enumerate(ids) if place not in deleted]
    return sum(left) / len(left)
